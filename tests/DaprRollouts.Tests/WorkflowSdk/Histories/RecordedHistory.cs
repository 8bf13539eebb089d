using DaprRollouts.Protocol;
using Google.Protobuf;

namespace DaprRollouts.Tests.WorkflowSdk.Histories;

/// <summary>A history that a real instance has left, cut into the turns that made it.</summary>
internal sealed class RecordedHistory
{
    private readonly HistoryEvent[] _events;

    public RecordedHistory(string path) =>
        _events = [.. JsonParser.Default.Parse<GetInstanceHistoryResponse>(File.ReadAllText(Path.Combine(Folder, path))).Events];

    /// <summary>The recordings in some folders.</summary>
    public static IEnumerable<string> In(params IEnumerable<string> folders) => folders
        .SelectMany(f => Directory.EnumerateFiles(Path.Combine(Folder, f), "*.json"))
        .Select(f => Path.GetRelativePath(Folder, f))
        .Order(StringComparer.Ordinal);

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "WorkflowSdk", "Histories");

    /// <summary>Each turn: what was past, what was new, and what the worker asked for then.</summary>
    public IEnumerable<(WorkflowRequest Request, HistoryEvent[] Asked)> Turns()
    {
        var started = _events.First(e => e.ExecutionStarted is not null).ExecutionStarted;
        for (var start = 0; start < _events.Length;)
        {
            var isNew = _events.Skip(start).TakeWhile(e => !WasAsked(e)).ToArray();
            var asked = _events.Skip(start + isNew.Length).TakeWhile(WasAsked).ToArray();
            yield return (new WorkflowRequest
            {
                InstanceId = started.WorkflowInstance.InstanceId,
                ExecutionId = started.WorkflowInstance.ExecutionId,
                PastEvents = { _events[..start] },
                NewEvents = { isNew },
            }, asked);
            start += isNew.Length + asked.Length;
            // What came after the answer, such as a suspension, is past for the next turn.
            start += _events.Skip(start).TakeWhile(e => e.WorkflowStarted is null).Count();
        }
    }

    private static bool WasAsked(HistoryEvent happened) => happened.EventTypeCase is
        HistoryEvent.EventTypeOneofCase.TaskScheduled
        or HistoryEvent.EventTypeOneofCase.TimerCreated
        or HistoryEvent.EventTypeOneofCase.ChildWorkflowInstanceCreated
        or HistoryEvent.EventTypeOneofCase.EventSent
        or HistoryEvent.EventTypeOneofCase.ExecutionCompleted;
}
