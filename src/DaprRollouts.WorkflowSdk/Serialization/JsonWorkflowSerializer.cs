using System.Text.Json;
using Dapr.Common.Serialization;

namespace Dapr.Workflow.Serialization;

/// <summary>JSON with the web defaults, and public fields included.</summary>
public sealed class JsonWorkflowSerializer : JsonDaprSerializer, IWorkflowSerializer
{
    public JsonWorkflowSerializer()
        : this(new JsonSerializerOptions(JsonSerializerDefaults.Web) { IncludeFields = true })
    {
    }

    public JsonWorkflowSerializer(JsonSerializerOptions options)
        : base(options)
    {
    }
}
