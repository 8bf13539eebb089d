using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Kubernetes.CustomResources;

/// <summary>The custom resources: the same kinds, names, columns and subresources as those of Argo Rollouts.</summary>
public static class CrdCatalog
{
    /// <summary>The member of a schema that holds rules between fields.</summary>
    internal const string ValidationRules = "x-kubernetes-validations";

    private const string Group = "argoproj.io";

    private static readonly JsonObject Age = Column("Age", "date", ".metadata.creationTimestamp", "Time since resource was created");

    /// <summary>All five, in alphabetical order, as manifests.</summary>
    public static IReadOnlyList<JsonObject> All { get; } =
    [
        Crd("AnalysisRun", "analysisruns", "ar", "Namespaced", typeof(AnalysisRunSpec), typeof(AnalysisRunStatus), [Column("Status", "string", ".status.phase", "AnalysisRun status")]),
        Crd("AnalysisTemplate", "analysistemplates", "at", "Namespaced", typeof(AnalysisTemplateSpec), null, []),
        Crd("ClusterAnalysisTemplate", "clusteranalysistemplates", "cat", "Cluster", typeof(AnalysisTemplateSpec), null, []),
        Crd("Experiment", "experiments", "exp", "Namespaced", typeof(ExperimentSpec), typeof(ExperimentStatus), [Column("Status", "string", ".status.phase", "Experiment status")]),
        Crd("Rollout", "rollouts", "ro", "Namespaced", typeof(RolloutSpec), typeof(RolloutStatus), RolloutColumns(), RolloutSubresources()),
    ];

    // The pods of a Rollout are found by its selector, so another one would leave them behind.
    private static JsonObject WithFixedSelector(JsonObject spec)
    {
        var rule = new JsonObject { ["message"] = ".spec.selector is immutable", ["rule"] = "self == oldSelf" };
        spec["properties"]!["selector"]![ValidationRules] = new JsonArray(rule);
        return spec;
    }

    private static JsonObject Crd(
        string kind, string plural, string shortName, string scope, Type spec, Type? status, JsonObject[] columns, JsonObject? subresources = null)
    {
        var properties = new JsonObject
        {
            ["apiVersion"] = new JsonObject { ["type"] = "string" },
            ["kind"] = new JsonObject { ["type"] = "string" },
            ["metadata"] = new JsonObject { ["type"] = "object" },
            ["spec"] = spec == typeof(RolloutSpec) ? WithFixedSelector(SchemaGenerator.Of(spec)) : SchemaGenerator.Of(spec),
        };
        if (status is not null)
        {
            properties["status"] = SchemaGenerator.Of(status);
        }

        var version = new JsonObject
        {
            ["name"] = "v1alpha1",
            ["served"] = true,
            ["storage"] = true,
            ["additionalPrinterColumns"] = new JsonArray([.. columns, Age.DeepClone()]),
            ["schema"] = new JsonObject
            {
                ["openAPIV3Schema"] = new JsonObject { ["type"] = "object", ["required"] = new JsonArray("spec"), ["properties"] = properties },
            },
        };
        if (subresources is not null)
        {
            version["subresources"] = subresources;
        }

        return new JsonObject
        {
            ["apiVersion"] = "apiextensions.k8s.io/v1",
            ["kind"] = "CustomResourceDefinition",
            ["metadata"] = new JsonObject { ["name"] = $"{plural}.{Group}" },
            ["spec"] = new JsonObject
            {
                ["group"] = Group,
                ["scope"] = scope,
                ["names"] = new JsonObject
                {
                    ["kind"] = kind,
                    ["listKind"] = $"{kind}List",
                    ["plural"] = plural,
                    ["singular"] = kind.ToLowerInvariant(),
                    ["shortNames"] = new JsonArray(shortName),
                },
                ["versions"] = new JsonArray(version),
            },
        };
    }

    private static JsonObject[] RolloutColumns() =>
    [
        Column("Desired", "integer", ".spec.replicas", "Number of desired pods"),
        Column("Current", "integer", ".status.replicas", "Total number of non-terminated pods targeted by this rollout"),
        Column("Up-to-date", "integer", ".status.updatedReplicas", "Total number of non-terminated pods targeted by this rollout that have the desired template spec"),
        Column("Available", "integer", ".status.availableReplicas", "Total number of available pods (ready for at least minReadySeconds) targeted by this rollout"),
    ];

    private static JsonObject RolloutSubresources() => new()
    {
        ["status"] = new JsonObject(),
        ["scale"] = new JsonObject
        {
            ["specReplicasPath"] = ".spec.replicas",
            ["statusReplicasPath"] = ".status.HPAReplicas",
            ["labelSelectorPath"] = ".status.selector",
        },
    };

    private static JsonObject Column(string name, string type, string path, string description) =>
        new() { ["name"] = name, ["type"] = type, ["jsonPath"] = path, ["description"] = description };
}
