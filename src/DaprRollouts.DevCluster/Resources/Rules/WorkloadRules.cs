using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Api;
using DaprRollouts.DevCluster.Json;

namespace DaprRollouts.DevCluster.Resources.Rules;

/// <summary>Defaults and checks of the kinds that make pods.</summary>
internal static class WorkloadRules
{
    public static KindRules ReplicaSet { get; } = new()
    {
        Default = set =>
        {
            var spec = set.Ensure("spec");
            spec.Default("replicas", 1);
            PodRules.DefaultTemplate(spec.Object("template"));
            set.Ensure("status").Default("replicas", 0);
        },
        Create = set => set["status"] = new JsonObject { ["replicas"] = 0 },
        Validate = (set, old) => PodRules.ValidateTemplate(set.At("spec", "template"), set.At("spec", "selector"))
            .Concat(Replicas(set)).Concat(FixedSelector(set, old)),
    };

    public static KindRules Deployment { get; } = new()
    {
        Default = deployment =>
        {
            var spec = deployment.Ensure("spec");
            spec.Default("replicas", 1);
            spec.Default("revisionHistoryLimit", 10);
            spec.Default("progressDeadlineSeconds", 600);
            DefaultStrategy(spec.Ensure("strategy"));
            PodRules.DefaultTemplate(spec.Object("template"));
            deployment.Ensure("status");
        },
        Create = deployment => deployment["status"] = new JsonObject(),
        Validate = (deployment, old) => PodRules.ValidateTemplate(deployment.At("spec", "template"), deployment.At("spec", "selector"))
            .Concat(Replicas(deployment)).Concat(FixedSelector(deployment, old)),
    };

    public static KindRules StatefulSet { get; } = new()
    {
        Default = set =>
        {
            var spec = set.Ensure("spec");
            spec.Default("replicas", 1);
            spec.Default("podManagementPolicy", "OrderedReady");
            spec.Default("revisionHistoryLimit", 10);
            var strategy = spec.Ensure("updateStrategy");
            strategy.Default("type", "RollingUpdate");
            if (strategy.Text("type") == "RollingUpdate")
            {
                strategy.Ensure("rollingUpdate").Default("partition", 0);
            }
            PodRules.DefaultTemplate(spec.Object("template"));
            set.Ensure("status").Default("replicas", 0);
        },
        Validate = (set, old) => PodRules.ValidateTemplate(set.At("spec", "template"), set.At("spec", "selector"))
            .Concat(FixedSelector(set, old)),
    };

    public static KindRules DaemonSet { get; } = new()
    {
        Default = set =>
        {
            var spec = set.Ensure("spec");
            spec.Default("revisionHistoryLimit", 10);
            var strategy = spec.Ensure("updateStrategy");
            strategy.Default("type", "RollingUpdate");
            if (strategy.Text("type") == "RollingUpdate")
            {
                strategy.Ensure("rollingUpdate").Default("maxUnavailable", 1);
            }
            PodRules.DefaultTemplate(spec.Object("template"));
        },
        Validate = (set, old) => PodRules.ValidateTemplate(set.At("spec", "template"), set.At("spec", "selector"))
            .Concat(FixedSelector(set, old)),
    };

    private static void DefaultStrategy(JsonObject strategy)
    {
        strategy.Default("type", "RollingUpdate");
        if (strategy.Text("type") == "RollingUpdate")
        {
            var rolling = strategy.Ensure("rollingUpdate");
            rolling.Default("maxUnavailable", "25%");
            rolling.Default("maxSurge", "25%");
        }
    }

    private static IEnumerable<FieldError> Replicas(JsonObject workload)
    {
        if (workload.Number("spec", "replicas") is < 0 and var replicas)
        {
            yield return FieldError.Invalid("spec.replicas", $"{replicas}", "must be greater than or equal to 0");
        }
        if (workload.Number("spec", "minReadySeconds") is < 0 and var seconds)
        {
            yield return FieldError.Invalid("spec.minReadySeconds", $"{seconds}", "must be greater than or equal to 0");
        }
        if (workload.Text("spec", "template", "spec", "restartPolicy") is { } policy and not "Always")
        {
            yield return FieldError.NotSupported("spec.template.spec.restartPolicy", $"\"{policy}\"", ["Always"]);
        }
    }

    private static IEnumerable<FieldError> FixedSelector(JsonObject workload, JsonObject? old)
    {
        if (old is not null && !JsonNode.DeepEquals(workload.At("spec", "selector"), old.At("spec", "selector")))
        {
            yield return FieldError.Invalid("spec.selector", JsonTree.Text(workload.At("spec", "selector")), "field is immutable");
        }
    }
}
