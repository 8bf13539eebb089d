using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Api;
using DaprRollouts.DevCluster.Json;

namespace DaprRollouts.DevCluster.Resources.Rules;

/// <summary>Rules of kinds that need no more than a few lines.</summary>
internal static class OtherRules
{
    public static KindRules Namespace { get; } = new()
    {
        Create = ns =>
        {
            ns["spec"] = new JsonObject { ["finalizers"] = new JsonArray("kubernetes") };
            ns["status"] = new JsonObject { ["phase"] = "Active" };
            ns.Ensure("metadata", "labels")["kubernetes.io/metadata.name"] = ns.Text("metadata", "name")!;
        },
        Update = (ns, old) => ns["spec"] = old["spec"]?.DeepClone(),
    };

    public static KindRules Secret { get; } = new()
    {
        Default = secret =>
        {
            secret.Default("type", "Opaque");
            foreach (var (key, value) in secret.Object("stringData") ?? [])
            {
                secret.Ensure("data")[key] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(value.AsText() ?? ""));
            }
            secret.Remove("stringData");
        },
    };

    public static KindRules Binding { get; } = new()
    {
        Default = binding =>
        {
            binding.Object("roleRef")?.Default("apiGroup", "rbac.authorization.k8s.io");
            foreach (var subject in binding.Objects("subjects"))
            {
                subject.Default("apiGroup", subject.Text("kind") is "User" or "Group" ? "rbac.authorization.k8s.io" : "");
                if (subject.Text("apiGroup") == "")
                {
                    subject.Remove("apiGroup");
                }
            }
        },
    };

    public static KindRules Autoscaler { get; } = new()
    {
        Default = autoscaler =>
        {
            autoscaler.Ensure("spec").Default("minReplicas", 1);
            DefaultReplicas(autoscaler);
        },
    };

    public static KindRules AutoscalerV1 { get; } = new()
    {
        Default = autoscaler =>
        {
            var spec = autoscaler.Ensure("spec");
            spec.Default("minReplicas", 1);
            spec.Default("targetCPUUtilizationPercentage", 80);
            DefaultReplicas(autoscaler);
        },
    };

    public static KindRules Event { get; } = new()
    {
        Default = item =>
        {
            item.TryAdd("eventTime", null);
            item.Default("reportingComponent", "");
            item.Default("reportingInstance", "");
        },
    };

    public static KindRules Ingress { get; } = WithEmpty("status", "loadBalancer");

    public static KindRules NetworkPolicy { get; } = new()
    {
        Default = policy =>
        {
            var spec = policy.Ensure("spec");
            spec.Default("policyTypes", spec.Array("egress") is null ? new JsonArray("Ingress") : new JsonArray("Ingress", "Egress"));
        },
    };

    public static KindRules Endpoints { get; } = new()
    {
        Default = endpoints =>
        {
            foreach (var port in endpoints.Objects("subsets").SelectMany(s => s.Objects("ports")))
            {
                port.Default("protocol", "TCP");
            }
        },
    };

    public static KindRules EndpointSlice { get; } = new()
    {
        Default = slice =>
        {
            foreach (var port in slice.Objects("ports"))
            {
                port.Default("name", "");
                port.Default("protocol", "TCP");
            }
        },
    };

    public static KindRules Claim { get; } = new()
    {
        Default = claim =>
        {
            claim.Ensure("spec").Default("volumeMode", "Filesystem");
            claim.Ensure("status").Default("phase", "Pending");
        },
        Create = claim => claim["status"] = new JsonObject { ["phase"] = "Pending" },
    };

    public static KindRules DisruptionBudget { get; } = new()
    {
        Validate = (budget, _) => budget.At("spec", "minAvailable") is not null && budget.At("spec", "maxUnavailable") is not null
            ? [FieldError.Invalid("spec", "{}", "minAvailable and maxUnavailable cannot be both set")]
            : [],
    };

    /// <summary>Shows an object even when it is empty.</summary>
    public static KindRules WithEmpty(params string[] path) => new() { Default = item => item.Ensure(path) };

    private static void DefaultReplicas(JsonObject autoscaler)
    {
        var status = autoscaler.Ensure("status");
        status.Default("currentReplicas", 0);
        status.Default("desiredReplicas", 0);
    }
}
