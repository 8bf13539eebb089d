using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Api;
using DaprRollouts.DevCluster.Json;

namespace DaprRollouts.DevCluster.Resources.Rules;

/// <summary>Defaults and checks of pods and of the pod templates in workloads.</summary>
internal static class PodRules
{
    public static KindRules Pod { get; } = new()
    {
        Default = pod => DefaultSpec(pod.Ensure("spec")),
        Create = Created,
        Update = (pod, old) => pod["status"] ??= old["status"]?.DeepClone(),
        Validate = (pod, old) => ValidateSpec(pod["spec"], "spec").Concat(ValidateUnchanged(pod, old)),
    };

    public static void DefaultTemplate(JsonObject? template)
    {
        if (template is null)
        {
            return;
        }
        // The API server writes this null, and a controller that compares templates meets it.
        var metadata = template.Ensure("metadata");
        metadata.TryAdd("creationTimestamp", null);
        DefaultSpec(template.Ensure("spec"));
    }

    public static void DefaultSpec(JsonObject spec)
    {
        spec.Default("restartPolicy", "Always");
        spec.Default("terminationGracePeriodSeconds", 30);
        spec.Default("dnsPolicy", "ClusterFirst");
        spec.Default("securityContext", new JsonObject());
        spec.Default("schedulerName", "default-scheduler");
        if (spec.Text("serviceAccountName") is { } account)
        {
            spec["serviceAccount"] = account;
        }
        else if (spec.Text("serviceAccount") is { } deprecated)
        {
            spec["serviceAccountName"] = deprecated;
        }
        foreach (var container in spec.Objects("containers").Concat(spec.Objects("initContainers")))
        {
            ContainerRules.Apply(container, spec.Flag("hostNetwork") == true);
        }
        foreach (var volume in spec.Objects("volumes"))
        {
            VolumeDefaults.Apply(volume);
        }
    }

    public static IEnumerable<FieldError> ValidateTemplate(JsonNode? template, JsonNode? selector)
    {
        if (selector is null)
        {
            yield return FieldError.Required("spec.selector");
            yield return FieldError.Invalid("spec.template.metadata.labels", "null", "`selector` does not match template `labels`");
        }
        else if (selector.Object("matchLabels") is null or { Count: 0 } && selector.Array("matchExpressions") is null or { Count: 0 })
        {
            yield return FieldError.Invalid("spec.selector", "{}", "empty selector is invalid for deployment");
        }
        else if (!LabelSelector.From(selector).Matches(LabelSelector.LabelsOf(template)))
        {
            var labels = template.Object("metadata", "labels");
            yield return FieldError.Invalid("spec.template.metadata.labels", labels is null ? "null" : JsonTree.Text(labels), "`selector` does not match template `labels`");
        }
        foreach (var error in ValidateSpec(template.At("spec"), "spec.template.spec"))
        {
            yield return error;
        }
    }

    public static IEnumerable<FieldError> ValidateSpec(JsonNode? spec, string path)
    {
        var containers = spec.Objects("containers").ToArray();
        if (containers.Length == 0)
        {
            yield return FieldError.Required($"{path}.containers");
        }
        var names = new HashSet<string>();
        for (var i = 0; i < containers.Length; i++)
        {
            var name = containers[i].Text("name");
            if (string.IsNullOrEmpty(name))
            {
                yield return FieldError.Required($"{path}.containers[{i}].name");
            }
            else if (!names.Add(name))
            {
                yield return new FieldError("FieldValueDuplicate", $"{path}.containers[{i}].name", $"Duplicate value: \"{name}\"");
            }
            if (string.IsNullOrEmpty(containers[i].Text("image")))
            {
                yield return FieldError.Required($"{path}.containers[{i}].image");
            }
            foreach (var error in ContainerRules.Validate(containers[i], $"{path}.containers[{i}]"))
            {
                yield return error;
            }
        }
    }

    private static void Created(JsonObject pod)
    {
        var spec = pod.Ensure("spec");
        spec.Default("enableServiceLinks", true);
        spec.Default("priority", 0);
        spec.Default("preemptionPolicy", "PreemptLowerPriority");
        DefaultTolerations(spec);
        pod["status"] = new JsonObject { ["phase"] = "Pending", ["qosClass"] = QualityOfService.Of(spec) };
    }

    private static void DefaultTolerations(JsonObject spec)
    {
        var tolerations = spec.Array("tolerations") ?? [];
        foreach (var key in (string[])["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"])
        {
            if (!tolerations.OfType<JsonObject>().Any(t => t.Text("key") == key))
            {
                tolerations.Add((JsonNode)new JsonObject
                {
                    ["key"] = key, ["operator"] = "Exists", ["effect"] = "NoExecute", ["tolerationSeconds"] = 300,
                });
            }
        }
        spec["tolerations"] = tolerations.Parent is null ? tolerations : tolerations.DeepClone();
    }

    private static IEnumerable<FieldError> ValidateUnchanged(JsonObject pod, JsonObject? old)
    {
        if (old?["spec"] is JsonObject oldSpec && !JsonNode.DeepEquals(Fixed(pod["spec"]), Fixed(oldSpec)))
        {
            yield return FieldError.Forbidden(
                "spec",
                "pod updates may not change fields other than `spec.containers[*].image`, `spec.initContainers[*].image`, `spec.activeDeadlineSeconds` or `spec.tolerations` (only additions to existing tolerations)");
        }
    }

    /// <summary>What of a pod's spec cannot change; a pod is bound by setting its node.</summary>
    private static JsonObject Fixed(JsonNode? spec)
    {
        var copy = spec is JsonObject map ? JsonTree.Copy(map) : [];
        foreach (var container in copy.Objects("containers").Concat(copy.Objects("initContainers")))
        {
            container.Remove("image");
        }
        copy.Remove("activeDeadlineSeconds");
        copy.Remove("tolerations");
        copy.Remove("nodeName");
        return copy;
    }
}
