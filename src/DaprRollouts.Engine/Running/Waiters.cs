using DaprRollouts.Engine.State;

namespace DaprRollouts.Engine.Running;

/// <summary>Someone who waits for an instance to reach a state.</summary>
/// <param name="id">The instance; it need not exist yet.</param>
/// <param name="reached">Whether it is there.</param>
/// <param name="answer">Hears of it, once.</param>
internal sealed class Waiter(string id, Predicate<Instance> reached, Action<Instance> answer)
{
    private volatile bool _hasGivenUp;

    public string Id => id;

    /// <summary>Whether nobody listens any more.</summary>
    public bool HasGivenUp => _hasGivenUp;

    public bool Reached(Instance instance) => reached(instance);

    public void Answer(Instance instance) => answer(instance);

    public void GiveUp() => _hasGivenUp = true;
}

/// <summary>Those who wait for instances. They are told after the commit that brings about what they wait for.</summary>
internal sealed class Waiters
{
    private readonly Dictionary<string, List<Waiter>> _waiting = [];

    /// <summary>How many wait.</summary>
    public int Count => _waiting.Values.Sum(w => w.Count);

    public void Add(Waiter waiter)
    {
        // Who gives up before the change that precedes the waiting is committed is not here yet when it is to be removed.
        if (waiter.HasGivenUp)
        {
            return;
        }

        if (!_waiting.TryGetValue(waiter.Id, out var others))
        {
            _waiting[waiter.Id] = others = [];
        }

        others.Add(waiter);
    }

    public void Remove(Waiter waiter)
    {
        if (_waiting.TryGetValue(waiter.Id, out var others) && others.Remove(waiter) && others.Count == 0)
        {
            _waiting.Remove(waiter.Id);
        }
    }

    public void Tell(IEnumerable<Instance> changed)
    {
        if (_waiting.Count == 0)
        {
            return;
        }

        foreach (var instance in changed)
        {
            if (_waiting.TryGetValue(instance.Id, out var waiters))
            {
                foreach (var waiter in waiters.FindAll(w => w.Reached(instance)))
                {
                    Remove(waiter);
                    waiter.Answer(instance);
                }
            }
        }
    }
}
