using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Overviews;

/// <summary>What happened to a revision, from the history of its workflow.</summary>
public sealed record RevisionHistory(long Revision, string Workflow, IReadOnlyList<TimelineEntry> Timeline);
