using DaprRollouts.Engine.Dispatching;
using DaprRollouts.Engine.State;
using DaprRollouts.Engine.Storage;
using DaprRollouts.Protocol;

namespace DaprRollouts.Engine;

/// <summary>
/// A group of changes that is committed as one. All of it happens on the engine's one thread; what others may see of it (answers, work for workers) goes out after
/// the commit.
/// </summary>
internal sealed class EngineTransaction(EngineStore store, InstanceCache cache, DateTime now)
{
    private readonly List<Action> _afterCommit = [];

    public EngineStore Store => store;

    public DateTime Now => now;

    /// <summary>Work for workers, to go out after the commit.</summary>
    public List<WorkTicket> Work { get; } = [];

    /// <summary>Instances that this transaction has touched.</summary>
    public HashSet<Instance> Touched { get; } = [];

    /// <summary>Whether a timer has been added that is due before all others known.</summary>
    public DateTime? EarliestTimer { get; private set; }

    public Instance? Find(string id) => cache.Find(id, store);

    /// <summary>The instance; an error that names it if there is none.</summary>
    public Instance Get(string id) => Find(id) ?? throw EngineErrors.NoSuchInstance(id);

    public Instance Create(string id)
    {
        var instance = new Instance(id) { Created = now, Updated = now };
        cache.Add(instance);
        return instance;
    }

    public void Forget(string id) => cache.Remove(id);

    public void AfterCommit(Action action) => _afterCommit.Add(action);

    public void Committed() => _afterCommit.ForEach(a => a());

    /// <summary>Delivers an event to an instance, and gives it a turn if it has none.</summary>
    public void Deliver(Instance instance, HistoryEvent value)
    {
        instance.Inbox.Add(new InboxEntry(store.AddToInbox(instance.Id, value), value));
        Touched.Add(instance);
        Turns.Begin(this, instance);
    }

    public void AddTimer(DueTimer timer, DateTime due)
    {
        store.AddTimer(timer, due);
        EarliestTimer = EarliestTimer is { } earliest && earliest < due ? earliest : due;
    }

    public void AppendHistory(Instance instance, HistoryEvent value)
    {
        store.AppendHistory(instance.Id, instance.History.Count, value);
        instance.History.Add(value);
        Touched.Add(instance);
    }

    /// <summary>Writes the row of an instance.</summary>
    public void Save(Instance instance)
    {
        instance.Updated = now;
        store.SaveInstance(instance);
        Touched.Add(instance);
    }
}
