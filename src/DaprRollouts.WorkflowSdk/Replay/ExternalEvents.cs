using DaprRollouts.Protocol;

namespace Dapr.Workflow.Replay;

/// <summary>Brings raised events and those who wait for them together, first come, first served.</summary>
internal sealed class ExternalEvents
{
    private readonly List<EventWait> _waits = [];
    private readonly List<HistoryEvent> _unclaimed = [];

    /// <summary>Events that nobody has taken yet, in the order in which they came.</summary>
    public IReadOnlyList<HistoryEvent> Unclaimed => _unclaimed;

    public bool HasOpenWaits => _waits.Any(w => w.IsOpen);

    /// <summary>Gives the wait the oldest unclaimed event of its name, or lets it queue.</summary>
    public void Add(EventWait wait)
    {
        var index = _unclaimed.FindIndex(e => wait.Expects(e.EventRaised.Name));
        if (index < 0)
        {
            _waits.Add(wait);
            return;
        }

        var raised = _unclaimed[index];
        _unclaimed.RemoveAt(index);
        wait.Deliver(raised.EventRaised.Input);
    }

    public void Raise(HistoryEvent raised)
    {
        _waits.RemoveAll(w => !w.IsOpen);
        var index = _waits.FindIndex(w => w.Expects(raised.EventRaised.Name));
        if (index < 0)
        {
            _unclaimed.Add(raised);
            return;
        }

        var wait = _waits[index];
        _waits.RemoveAt(index);
        wait.Deliver(raised.EventRaised.Input);
    }
}
