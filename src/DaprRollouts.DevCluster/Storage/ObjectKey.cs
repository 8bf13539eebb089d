namespace DaprRollouts.DevCluster.Storage;

/// <summary>Where an object lives among those of its type; the namespace is empty for cluster-scoped ones.</summary>
internal readonly record struct ObjectKey(string Namespace, string Name)
{
    public override string ToString() => Namespace.Length == 0 ? Name : $"{Namespace}/{Name}";
}
