using DaprRollouts.Protocol;

namespace DaprRollouts.Engine.InProcess;

/// <summary>The code of workflows and activities, as an engine in the same process calls it: each is given a request and the token to send back.</summary>
/// <param name="Turn">Runs a turn of a workflow.</param>
/// <param name="Activity">Runs an activity.</param>
public sealed record InProcessWorker(
    Func<WorkflowRequest, string, WorkflowResponse> Turn, Func<ActivityRequest, string, Task<ActivityResponse>> Activity);
