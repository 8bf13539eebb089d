namespace DaprRollouts.Kubernetes.Watching;

/// <summary>A change of an object in a cache: from nothing, to another version, or to nothing.</summary>
public sealed record ResourceChange<T>(T? Old, T? New)
    where T : class;
