using Dapr.Workflow;
using DaprRollouts.Workflows.Contracts;

namespace DaprRollouts.Activities;

/// <summary>Takes the measurements of an AnalysisRun that are due, judges, and publishes.</summary>
public sealed class MeasureActivity(AnalysisTurn turn) : WorkflowActivity<AnalysisRound, AnalysisReport>
{
    public override Task<AnalysisReport> RunAsync(WorkflowActivityContext context, AnalysisRound input) => turn.TakeAsync(input, CancellationToken.None);
}
