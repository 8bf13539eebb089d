using Dapr.Workflow;
using DaprRollouts.Core.Signals;
using DaprRollouts.Workflows.Contracts;
using Microsoft.Extensions.Logging;

namespace DaprRollouts.Activities;

/// <summary>Applies a signal that was raised as an event of the workflow, and then looks at the rollout.</summary>
public sealed class ApplySignalActivity(RolloutTurn turn, SignalWriter writer, ILogger<ApplySignalActivity> logger) : WorkflowActivity<SignalInput, Report>
{
    public override async Task<Report> RunAsync(WorkflowActivityContext context, SignalInput input)
    {
        var (signal, error) = Signal.Parse(input.Signal);
        var key = input.Rollout;
        var result = signal is null
            ? new SignalResult(SignalOutcome.Malformed, error!)
            : await writer.ApplyAsync(key.Namespace, key.Name, signal with { Id = signal.Id ?? context.TaskExecutionKey }, CancellationToken.None);
        if (result.Outcome is not (SignalOutcome.Applied or SignalOutcome.Repeated))
        {
            logger.LogWarning("A signal for {Namespace}/{Rollout} was not applied: {Message}", key.Namespace, key.Name, result.Message);
        }

        return await turn.TakeAsync(key);
    }
}
