using DaprRollouts.DevCluster.Storage;

namespace DaprRollouts.DevCluster.Controllers;

/// <summary>An object of any type.</summary>
internal readonly record struct ObjectReference(string Shelf, ObjectKey Key);
