using Dapr.Workflow;
using DaprRollouts.Workflows.Contracts;

namespace DaprRollouts.Workflows;

/// <summary>
/// Takes an AnalysisRun from its first measurement to its verdict, and to its deletion if it has a time to live. Each look takes all measurements
/// that are due; in between it sleeps, until the next is due or something about the run changes.
/// </summary>
public sealed class AnalysisRunWorkflow : Workflow<AnalysisRunInput, string>
{
    /// <summary>The name it is registered under.</summary>
    public const string Name = "AnalysisRunWorkflow";

    // Conflicts and short outages; after that the workflow rests and looks again, without an end.
    private static readonly WorkflowTaskOptions Patiently = new(
        new WorkflowRetryPolicy(maxNumberOfAttempts: 5, TimeSpan.FromMilliseconds(500), backoffCoefficient: 2, maxRetryInterval: TimeSpan.FromSeconds(15)));

    private static readonly TimeSpan Respite = TimeSpan.FromSeconds(30);

    public override async Task<string> RunAsync(WorkflowContext context, AnalysisRunInput input)
    {
        using var inbox = new Inbox(context);
        var memory = input.Memory ?? new AnalysisMemory();
        for (var looks = 1; ; looks++)
        {
            var report = await LookAsync(context, new AnalysisRound(input.Run, memory));
            memory = report.Memory;
            if (report.IsOver)
            {
                return report.WaitsFor;
            }

            context.SetCustomStatus(report.WaitsFor);
            await inbox.NextAsync(report.NextAt);
            if (looks >= input.Looks && inbox.IsEmpty)
            {
                inbox.Close();
                context.ContinueAsNew(new AnalysisRunInput(input.Run, memory, AnalysisRunInput.LooksPerGeneration));
                return "continued";
            }
        }
    }

    private static async Task<AnalysisReport> LookAsync(WorkflowContext context, AnalysisRound round)
    {
        try
        {
            return await context.CallActivityAsync<AnalysisReport>(AnalysisRunActivities.Measure, round, Patiently);
        }
        catch (WorkflowTaskFailedException failure)
        {
            var at = new DateTimeOffset(context.CurrentUtcDateTime) + Respite;
            return new AnalysisReport(IsOver: false, at, $"waiting to try again: {failure.FailureDetails.ErrorMessage}", round.Memory);
        }
    }
}
