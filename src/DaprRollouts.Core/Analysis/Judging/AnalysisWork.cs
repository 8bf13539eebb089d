using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Analysis.Judging;

/// <summary>Whether a run gives its workflow anything to do.</summary>
public static class AnalysisWork
{
    /// <summary>Whether the run needs a workflow: it has not ended, or is to be deleted one day.</summary>
    public static bool Exists(AnalysisRunSpec spec, AnalysisRunStatus? status) =>
        !AnalysisPhase.IsCompleted(status?.Phase) || TimeToLive.EndsAt(spec, status!) is not null;

    /// <summary>Whether a change of the run must wake its workflow: what it is asked for is another, and it is not over yet.</summary>
    public static bool Wakes(AnalysisRunSpec before, AnalysisRunSpec after, AnalysisRunStatus? status) =>
        Exists(after, status)
        && !System.Text.Json.Nodes.JsonNode.DeepEquals(ModelJson.ToNode(before), ModelJson.ToNode(after));
}
