using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;

namespace DaprRollouts.Core.Validation;

/// <summary>What a pod template must have for a ReplicaSet to be made of it.</summary>
internal static class PodTemplateValidation
{
    public static string? FirstError(JsonObject template, LabelSelector selector)
    {
        var labels = (template["metadata"]?["labels"] as JsonObject)?
            .Where(l => l.Value is not null)
            .OrderBy(l => l.Key, StringComparer.Ordinal)
            .ToDictionary(l => l.Key, l => l.Value!.ToString());
        if (!Selectors.Match(selector, labels ?? []))
        {
            return FieldError.Invalid("spec.template.metadata.labels", labels, "`selector` does not match template `labels`");
        }

        if (template["spec"] is not JsonObject spec || spec["containers"] is not JsonArray { Count: > 0 } containers)
        {
            return "spec.template.spec.containers: Required value";
        }

        var policy = spec["restartPolicy"]?.ToString() ?? "Always";
        return policy != "Always"
            ? $"spec.template.spec.restartPolicy: Unsupported value: \"{policy}\": supported values: \"Always\""
            : Containers(containers);
    }

    private static string? Containers(JsonArray containers)
    {
        HashSet<string> names = [];
        for (var i = 0; i < containers.Count; i++)
        {
            var path = $"spec.template.spec.containers[{i}]";
            var name = containers[i]?["name"]?.ToString();
            if (string.IsNullOrEmpty(name))
            {
                return $"{path}.name: Required value";
            }

            if (!names.Add(name))
            {
                return $"{path}.name: Duplicate value: \"{name}\"";
            }

            if (string.IsNullOrEmpty(containers[i]?["image"]?.ToString()))
            {
                return $"{path}.image: Required value";
            }
        }

        return null;
    }
}
