namespace DaprRollouts.Core.Model;

/// <summary>Something that happened to a revision.</summary>
/// <param name="At">When.</param>
/// <param name="Kind">What kind of thing it was: an effect, a signal, a step, a pause, an analysis, a phase.</param>
/// <param name="Text">What happened, in one line.</param>
/// <param name="By">Who did it, where somebody did.</param>
/// <param name="Why">The reason that was given.</param>
public sealed record TimelineEntry(DateTimeOffset At, string Kind, string Text, string? By = null, string? Why = null);
