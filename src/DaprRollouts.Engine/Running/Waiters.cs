using DaprRollouts.Engine.State;

namespace DaprRollouts.Engine.Running;

/// <summary>Someone who waits for an instance to reach a state.</summary>
/// <param name="Id">The instance; it need not exist yet.</param>
/// <param name="Reached">Whether it is there.</param>
/// <param name="Answer">Hears of it, once.</param>
internal sealed record Waiter(string Id, Predicate<Instance> Reached, Action<Instance> Answer);

/// <summary>Those who wait for instances. They are told after the commit that brings about what they wait for.</summary>
internal sealed class Waiters
{
    private readonly Dictionary<string, List<Waiter>> _waiting = [];

    public void Add(Waiter waiter)
    {
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
