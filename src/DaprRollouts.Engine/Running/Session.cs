using DaprRollouts.Engine.Dispatching;
using DaprRollouts.Engine.State;
using DaprRollouts.Engine.Storage;
using DaprRollouts.Protocol;

namespace DaprRollouts.Engine.Running;

/// <summary>
/// A group of changes that is committed as one. What others may see of it - answers, activities - goes out after the commit.
/// </summary>
internal sealed class Session(EngineStore store, InstanceCache cache, Identities identities, TurnBoard turns)
{
    private readonly HashSet<Instance> _touched = [];
    private readonly List<Instance> _removed = [];

    // The store still has them until the commit; they must not be read back from it.
    private readonly HashSet<string> _gone = [];
    private readonly List<(string Instance, int Task)> _tasks = [];
    private readonly List<Action> _afterCommit = [];
    private readonly Queue<Mail> _mail = new();

    public EngineStore Store => store;

    /// <summary>The time of all these changes.</summary>
    public required DateTime Now { get; init; }

    public Surroundings Around => new(Now, identities.NextInboxKey, identities.NewExecution);

    /// <summary>The instances that may have changed.</summary>
    public IReadOnlyCollection<Instance> Touched => _touched;

    /// <summary>The instances that are to be deleted.</summary>
    public IReadOnlyList<Instance> Removed => _removed;

    /// <summary>The activities that are to run.</summary>
    public IReadOnlyList<(string Instance, int Task)> Tasks => _tasks;

    public Instance? Find(string id) => _gone.Contains(id) ? null : cache.Find(id, store);

    /// <summary>The instance; an error that names it if there is none.</summary>
    public Instance Get(string id) => Find(id) ?? throw EngineErrors.NoSuchInstance(id);

    /// <summary>Makes an instance, in place of one of the same id.</summary>
    public Instance Create(string id)
    {
        if (Find(id) is { } former)
        {
            Remove(former);
        }

        _gone.Remove(id);
        var instance = new Instance(id, identities.NextInstanceKey());
        cache.Add(instance);
        _touched.Add(instance);
        return instance;
    }

    public void Remove(Instance instance)
    {
        turns.End(instance.Id);
        cache.Remove(instance.Id);
        _touched.Remove(instance);
        _removed.Add(instance);
        _gone.Add(instance.Id);
    }

    /// <summary>Makes sure that an instance is saved and looked at when the changes are made.</summary>
    public void Touch(Instance instance) => _touched.Add(instance);

    /// <summary>Delivers an event; false if it tells the instance nothing new.</summary>
    public bool Deliver(Instance instance, HistoryEvent value)
    {
        if (value.ExecutionTerminated is not null && !instance.IsEnded)
        {
            turns.End(instance.Id);
            Post(Lifecycle.Terminate(instance, value, Now));
        }
        else if (!instance.Receive(value, identities.NextInboxKey()))
        {
            return false;
        }

        _touched.Add(instance);
        return true;
    }

    /// <summary>Notes that an activity is to run once it is on record.</summary>
    public void Run(Instance instance, IEnumerable<int> tasks) => _tasks.AddRange(tasks.Select(t => (instance.Id, t)));

    public void Post(IEnumerable<Mail> mail)
    {
        foreach (var letter in mail)
        {
            _mail.Enqueue(letter);
        }
    }

    /// <summary>Delivers what instances have sent each other, until there is no more.</summary>
    public void DeliverMail()
    {
        while (_mail.TryDequeue(out var letter))
        {
            switch (letter)
            {
                case Launch launch:
                    Starts.Launch(this, launch);
                    break;
                case Delivery delivery when Find(delivery.To) is { } target:
                    if (delivery.Execution is null || delivery.Execution == target.ExecutionId)
                    {
                        Deliver(target, delivery.Event);
                    }

                    break;
            }
        }
    }

    public void AfterCommit(Action action) => _afterCommit.Add(action);

    public void Committed() => _afterCommit.ForEach(a => a());
}
