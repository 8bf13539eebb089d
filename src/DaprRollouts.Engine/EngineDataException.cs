namespace DaprRollouts.Engine;

/// <summary>The engine's data cannot be used; the message names the file and the remedy. The file is left as it is.</summary>
public sealed class EngineDataException(string message, Exception? cause = null) : Exception(message, cause);
