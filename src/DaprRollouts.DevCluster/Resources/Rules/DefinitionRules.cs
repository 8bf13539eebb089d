using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Api;
using DaprRollouts.DevCluster.Json;

namespace DaprRollouts.DevCluster.Resources.Rules;

/// <summary>Defaults and checks of custom resource definitions. A valid one is served at once.</summary>
internal static class DefinitionRules
{
    public const string CleanupFinalizer = "customresourcecleanup.apiextensions.k8s.io";

    public static KindRules Definition { get; } = new()
    {
        Default = definition =>
        {
            var spec = definition.Ensure("spec");
            var names = spec.Ensure("names");
            if (names.Text("kind") is { } kind)
            {
                names.Default("singular", kind.ToLowerInvariant());
                names.Default("listKind", $"{kind}List");
            }
            spec.Ensure("conversion").Default("strategy", "None");
        },
        Create = definition => definition["status"] = new JsonObject
        {
            ["conditions"] = null,
            ["acceptedNames"] = new JsonObject { ["plural"] = "", ["kind"] = "" },
            ["storedVersions"] = StoredVersions(definition),
        },
        Update = (definition, _) => definition.Ensure("status")["storedVersions"] = StoredVersions(definition),
        Validate = Validate,
    };

    /// <summary>Tells that a definition is served.</summary>
    public static void Establish(JsonObject definition, string now)
    {
        var status = definition.Ensure("status");
        status["acceptedNames"] = definition.At("spec", "names")?.DeepClone();
        status["conditions"] = new JsonArray(
            Condition("NamesAccepted", "NoConflicts", "no conflicts found", now),
            Condition("Established", "InitialNamesAccepted", "the initial names have been accepted", now));
    }

    /// <summary>Keeps a definition that is being deleted until its objects are gone.</summary>
    public static void Terminate(JsonObject definition, string now)
    {
        var metadata = definition.Ensure("metadata");
        if (!metadata.Texts("finalizers").Contains(CleanupFinalizer))
        {
            metadata["finalizers"] = JsonTree.Strings([.. metadata.Texts("finalizers"), CleanupFinalizer]);
            var status = definition.Ensure("status");
            var terminating = Condition(
                "Terminating", "InstanceDeletionPending", "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon", now);
            status["conditions"] = new JsonArray([.. status.Objects("conditions").Select(c => c.DeepClone()), terminating]);
        }
    }

    private static JsonArray StoredVersions(JsonObject definition)
    {
        var storage = definition.Objects("spec", "versions").FirstOrDefault(v => v.Flag("storage") == true).Text("name");
        return JsonTree.Strings(definition.Texts("status", "storedVersions").Append(storage ?? "").Where(v => v.Length > 0).Distinct().ToArray());
    }

    private static JsonObject Condition(string type, string reason, string message, string now) => new()
    {
        ["type"] = type, ["status"] = "True", ["lastTransitionTime"] = now, ["reason"] = reason, ["message"] = message,
    };

    private static IEnumerable<FieldError> Validate(JsonObject definition, JsonObject? old)
    {
        var spec = definition["spec"];
        var group = spec.Text("group");
        var expected = $"{spec.Text("names", "plural")}.{group}";
        if (definition.Text("metadata", "name") is { } name && name != expected)
        {
            yield return FieldError.Quoted("metadata.name", name, $"must be spec.names.plural+\".\"+spec.group");
        }
        foreach (var field in (string[])["plural", "kind"])
        {
            if (string.IsNullOrEmpty(spec.Text("names", field)))
            {
                yield return FieldError.Required($"spec.names.{field}");
            }
        }
        if (string.IsNullOrEmpty(group))
        {
            yield return FieldError.Required("spec.group");
        }
        if (spec.Text("scope") is not ("Namespaced" or "Cluster"))
        {
            yield return FieldError.NotSupported("spec.scope", $"\"{spec.Text("scope")}\"", ["Cluster", "Namespaced"]);
        }
        var versions = spec.Objects("versions").ToArray();
        if (versions.Count(v => v.Flag("storage") == true) != 1)
        {
            yield return FieldError.Invalid("spec.versions", $"{versions.Length}", "must have exactly one version marked as storage version");
        }
        for (var i = 0; i < versions.Length; i++)
        {
            if (versions[i].Object("schema", "openAPIV3Schema") is null)
            {
                yield return FieldError.Required($"spec.versions[{i}].schema.openAPIV3Schema", "schemas are required");
            }
        }
        if (old is not null && old.Text("spec", "scope") != spec.Text("scope"))
        {
            yield return FieldError.Quoted("spec.scope", spec.Text("scope") ?? "", "field is immutable");
        }
    }
}
