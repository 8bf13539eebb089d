using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Api;

namespace DaprRollouts.DevCluster.Resources;

/// <summary>What the API server itself does with objects of a built-in kind.</summary>
internal sealed record KindRules
{
    public static KindRules None { get; } = new();

    /// <summary>Fills in what the client left out, on every write.</summary>
    public Action<JsonObject> Default { get; init; } = _ => { };

    /// <summary>Sets what only the server may set, when an object is created.</summary>
    public Action<JsonObject> Create { get; init; } = _ => { };

    /// <summary>Carries over what an update may not change: the new object, the old one.</summary>
    public Action<JsonObject, JsonObject> Update { get; init; } = (_, _) => { };

    /// <summary>What is wrong with an object; the old one is null when it is created.</summary>
    public Func<JsonObject, JsonObject?, IEnumerable<FieldError>> Validate { get; init; } = (_, _) => [];
}
