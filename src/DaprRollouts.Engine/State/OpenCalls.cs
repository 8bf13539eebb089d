using DaprRollouts.Protocol;

namespace DaprRollouts.Engine.State;

/// <summary>
/// The calls of one execution that its history holds no answer to. An answer is let in once: one that comes again, or for a call that was never made, has no call to meet.
/// </summary>
internal sealed class OpenCalls
{
    private readonly Dictionary<CallId, Call> _calls = [];
    private readonly HashSet<int> _numbers = [];

    /// <summary>How many activities are open, whether their answer has arrived or not.</summary>
    public int Tasks { get; private set; }

    /// <summary>Takes in an event of the history.</summary>
    public void Record(HistoryEvent e)
    {
        if (CallId.MadeBy(e) is { } made)
        {
            _numbers.Add(made.Number);
            if (_calls.TryAdd(made, new Call(e)) && made.Kind == CallKind.Task)
            {
                Tasks++;
            }
        }
        else if (CallId.AnsweredBy(e) is { } answered)
        {
            Close(answered);
        }
    }

    /// <summary>Whether a call of this number is on record, open or not.</summary>
    public bool WasMade(int number) => _numbers.Contains(number);

    /// <summary>Lets an answer in; false if there is nothing that it could answer.</summary>
    public bool TryAnswer(CallId id)
    {
        if (!_calls.TryGetValue(id, out var call) || call.IsAnswered)
        {
            return false;
        }

        call.IsAnswered = true;
        return true;
    }

    /// <summary>The event that made a call to which no answer has arrived; null if there is none.</summary>
    public HistoryEvent? Unanswered(CallId id) => _calls.TryGetValue(id, out var call) && !call.IsAnswered ? call.Made : null;

    /// <summary>The events that made the calls of a kind to which no answer has arrived, in the order of their numbers.</summary>
    public IReadOnlyList<HistoryEvent> Unanswered(CallKind kind) =>
        [.. _calls.Where(c => c.Key.Kind == kind && !c.Value.IsAnswered).Select(c => c.Value.Made).OrderBy(e => e.EventId)];

    public void Close(CallId id)
    {
        if (_calls.Remove(id) && id.Kind == CallKind.Task)
        {
            Tasks--;
        }
    }

    public void Clear()
    {
        _calls.Clear();
        _numbers.Clear();
        Tasks = 0;
    }

    private sealed class Call(HistoryEvent made)
    {
        public HistoryEvent Made { get; } = made;

        public bool IsAnswered { get; set; }
    }
}
