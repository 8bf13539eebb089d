using DaprRollouts.Protocol;

namespace DaprRollouts.Engine.State;

/// <summary>Why an instance cannot go on with the workers that are there.</summary>
internal sealed record StallCause(StalledReason Reason, string Description);

/// <summary>
/// Holds an instance that a worker of another build would lead astray. Nothing of the turn is kept but the fact; what has arrived stays in the inbox for a worker that fits.
/// </summary>
internal static class Stalling
{
    public static StallCause? Reason(Instance instance, WorkflowResponse response)
    {
        if (response.Actions.Any(a => a.WorkflowVersionNotAvailable is not null))
        {
            var version = instance.History.Select(e => e.WorkflowStarted).FirstOrDefault(s => s is not null)?.Version;
            return new StallCause(StalledReason.VersionNotAvailable, $"Version not available: {version?.Name}");
        }

        var recorded = instance.Patches;
        var applied = response.Version?.Patches ?? [];
        return recorded.Count == 0 || recorded.SequenceEqual(applied.Take(recorded.Count))
            ? null
            : new StallCause(
                StalledReason.PatchMismatch,
                $"Patch mismatch. History patches: [{string.Join(", ", recorded)}], current patches: [{string.Join(", ", applied)}].");
    }

    public static void Stall(Instance instance, StallCause cause, DateTime now)
    {
        var last = instance.History.Count == 0 ? null : instance.History[^1].ExecutionStalled;
        if (last is null || last.Description != cause.Description)
        {
            instance.Append(Events.Stalled(now, cause.Reason, cause.Description));
        }
    }
}
