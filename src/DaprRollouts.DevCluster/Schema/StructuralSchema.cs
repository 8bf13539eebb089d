using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Api;

namespace DaprRollouts.DevCluster.Schema;

/// <summary>The schema of one version of a custom resource, compiled once when its definition is stored.</summary>
internal sealed class StructuralSchema(JsonObject openApi, bool preservesUnknown)
{
    private static readonly HashSet<string> Envelope = ["apiVersion", "kind", "metadata"];

    private readonly SchemaNode _root = SchemaNode.Compile(openApi);

    public JsonObject OpenApi => openApi;

    /// <param name="content">The object, which loses its unknown fields.</param>
    /// <param name="unknown">Takes the paths of what was lost.</param>
    public void Prune(JsonObject content, ICollection<string> unknown)
    {
        if (!preservesUnknown)
        {
            new SchemaPruning(unknown).Prune(content, _root, Envelope);
        }
    }

    public void Default(JsonObject content) => SchemaDefaults.Apply(content, _root);

    public IEnumerable<FieldError> Validate(JsonObject content)
    {
        var validation = new SchemaValidation();
        validation.Check(content, _root, "");
        return validation.Errors;
    }
}
