using Dapr.Workflow;
using DaprRollouts.Workflows.Contracts;

namespace DaprRollouts.Workflows;

/// <summary>Measures until the verdict stands: one activity for each round of measurements that fall due together, and a durable timer in between.</summary>
public sealed class AnalysisRunWorkflow : Workflow<AnalysisRunKey, string>
{
    /// <summary>The name it is registered under.</summary>
    public const string Name = "AnalysisRunWorkflow";

    // A round is six events of a few hundred bytes; a run of a week starts a new history every so often.
    private const int RoundsPerGeneration = 100;

    private static readonly TimeSpan Respite = TimeSpan.FromSeconds(5);

    private static readonly WorkflowTaskOptions Patiently = new(
        new WorkflowRetryPolicy(maxNumberOfAttempts: 4, TimeSpan.FromMilliseconds(200), backoffCoefficient: 2, maxRetryInterval: TimeSpan.FromSeconds(5)));

    public override async Task<string> RunAsync(WorkflowContext context, AnalysisRunKey run)
    {
        using var inbox = new Inbox(context);
        for (var rounds = 1; ; rounds++)
        {
            var report = await MeasureAsync(context, run);
            run = run with { Floor = report.Floor };
            if (report.Finished is { } finished)
            {
                return finished;
            }

            if (rounds >= RoundsPerGeneration && inbox.IsEmpty)
            {
                inbox.Close();
                context.ContinueAsNew(run);
                return "continued";
            }

            await inbox.NextAsync(report.Next);
        }
    }

    private static async Task<MeasureReport> MeasureAsync(WorkflowContext context, AnalysisRunKey run)
    {
        try
        {
            return await context.CallActivityAsync<MeasureReport>(AnalysisRunActivities.Measure, run, Patiently);
        }
        catch (WorkflowTaskFailedException)
        {
            // The API server is out of reach, say. What was measured and not written is measured again.
            return new MeasureReport(null, new DateTimeOffset(context.CurrentUtcDateTime) + Respite, run.Floor);
        }
    }
}
