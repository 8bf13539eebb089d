using DaprRollouts.Core.Model;

namespace DaprRollouts.Workflows.Contracts;

/// <summary>The input of <see cref="RolloutWorkflow"/>.</summary>
/// <param name="Rollout">The revision.</param>
/// <param name="Timeline">What happened before the workflow last continued as new.</param>
public sealed record RolloutRun(RolloutKey Rollout, IReadOnlyList<TimelineEntry> Timeline);
