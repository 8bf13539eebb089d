using System.Text.Json;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Workflows.Contracts;
using Dapr.Workflow;

namespace DaprRollouts.Workflows;

/// <summary>The activities of one rollout, as its workflow calls them.</summary>
internal sealed class Crew(WorkflowContext context, RolloutKey rollout)
{
    private static readonly TimeSpan Respite = TimeSpan.FromSeconds(30);

    // Conflicts and short outages; after that the workflow rests and looks again, without an end.
    private static readonly WorkflowTaskOptions Patiently = new(
        new WorkflowRetryPolicy(maxNumberOfAttempts: 8, TimeSpan.FromMilliseconds(250), backoffCoefficient: 2, maxRetryInterval: TimeSpan.FromSeconds(15)));

    /// <summary>The rollout, with what is known of the last writes.</summary>
    public RolloutKey Rollout { get; private set; } = rollout;

    public Task<Report> ObserveAsync() => CallAsync(RolloutActivities.Observe, Rollout);

    public Task<Report> PerformAsync(Effect effect) => CallAsync(effect.Kind, new EffectInput(Rollout, effect));

    public Task<Report> ApplyAsync(JsonElement signal) => CallAsync(RolloutActivities.ApplySignal, new SignalInput(Rollout, signal));

    private async Task<Report> CallAsync(string activity, object input)
    {
        try
        {
            var report = await context.CallActivityAsync<Report>(activity, input, Patiently);
            Rollout = Rollout with { Floor = report.Floor, SignalSeen = report.SignalSeen };
            return report;
        }
        catch (WorkflowTaskFailedException failure)
        {
            var now = new DateTimeOffset(context.CurrentUtcDateTime);
            var what = $"{activity} failed: {failure.FailureDetails.ErrorMessage}";
            return new Report(new Wait($"waiting to try again: {what}", now + Respite), [new TimelineEntry(now, "Failure", what)], Rollout.Floor, Rollout.SignalSeen);
        }
    }
}
