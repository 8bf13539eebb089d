using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;
using DaprRollouts.DevCluster.Storage;

namespace DaprRollouts.DevCluster.Controllers;

/// <summary>Makes pods from the template of a workload.</summary>
internal static class PodTemplate
{
    public static JsonObject Instantiate(string apiVersion, string kind, StoredObject owner)
    {
        var template = owner.Spec.Object("template");
        var metadata = new JsonObject
        {
            ["generateName"] = $"{owner.Key.Name}-",
            ["ownerReferences"] = new JsonArray(OwnerReference.Controller(apiVersion, kind, owner)),
        };
        foreach (var field in (string[])["labels", "annotations", "finalizers"])
        {
            metadata.SetOrRemove(field, template.At("metadata", field)?.DeepClone());
        }
        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = metadata,
            ["spec"] = template.At("spec")?.DeepClone(),
        };
    }
}
