using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Api;

namespace DaprRollouts.DevCluster.Schema;

/// <summary>The schema of one version of a custom resource, compiled once when its definition is stored.</summary>
internal sealed class StructuralSchema(JsonObject openApi, bool preservesUnknown)
{
    private static readonly HashSet<string> Envelope = ["apiVersion", "kind", "metadata"];

    private readonly SchemaNode _root = SchemaNode.Compile(openApi);

    public JsonObject OpenApi => openApi;

    public void Prune(JsonObject content)
    {
        if (!preservesUnknown)
        {
            SchemaPruning.Prune(content, _root, Envelope);
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
