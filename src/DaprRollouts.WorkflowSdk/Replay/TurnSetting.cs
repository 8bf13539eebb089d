using DaprRollouts.Protocol;
using Microsoft.Extensions.Logging;

namespace Dapr.Workflow.Replay;

/// <summary>What a turn is given to work with.</summary>
internal sealed record TurnSetting(WorkflowRequest Request, HistoryEvent? Start, ILoggerFactory Loggers)
{
    /// <summary>False where the engine cannot deliver events from one workflow to another.</summary>
    public bool CanSendEvents { get; init; }

    /// <summary>Remember where each call was made: for explaining a contradiction, too slow for every day.</summary>
    public bool Explains { get; init; }

    public IEnumerable<HistoryEvent> History => Request.PastEvents.Concat(Request.NewEvents);

    public string WorkflowName => Start?.ExecutionStarted.Name is { Length: > 0 } name
        ? name
        : History.LastOrDefault(e => e.WorkflowStarted?.Version?.HasName == true)?.WorkflowStarted.Version.Name ?? "";

    public string? Input => Start?.ExecutionStarted.Input;

    /// <summary>How work reaches another app; null where none is named, or where it is not known who is asking.</summary>
    public TaskRouter? RouterTo(string? appId) => (appId, OwnAppId) is ({ Length: > 0 } target, { Length: > 0 } own)
        ? new TaskRouter { SourceAppID = own, TargetAppID = target }
        : null;

    private string? OwnAppId => Start?.Router is { } router ? router.HasTargetAppID ? router.TargetAppID : router.SourceAppID : null;

    public static TurnSetting Of(WorkflowRequest request, ILoggerFactory loggers) => new(
        request,
        request.NewEvents.LastOrDefault(e => e.ExecutionStarted is not null)
            ?? request.PastEvents.LastOrDefault(e => e.ExecutionStarted is not null),
        loggers);
}
