namespace DaprRollouts.Core.Analysis.Composition;

/// <summary>An analysis that cannot be run as it is written; the message says what is wrong with it.</summary>
public sealed class InvalidAnalysisException(string message) : Exception(message);
