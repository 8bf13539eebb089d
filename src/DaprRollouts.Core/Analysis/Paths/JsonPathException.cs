namespace DaprRollouts.Core.Analysis.Paths;

/// <summary>A path that cannot be read, or that leads nowhere.</summary>
public sealed class JsonPathException(string message) : Exception(message);
