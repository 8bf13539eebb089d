using System.Text.Json;
using System.Text.Json.Nodes;
using DaprRollouts.Activities;
using DaprRollouts.Core.Analysis.Composition;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Core.Routing;
using DaprRollouts.Core.Validation;
using DaprRollouts.Kubernetes.Resources;
using k8s.Models;

namespace DaprRollouts.Cli.Linting;

/// <summary>Looks at a Rollout as the executor would, as far as that is possible without a cluster.</summary>
internal static class RolloutLint
{
    private const string Template = "AnalysisTemplate";
    private const string ClusterTemplate = "ClusterAnalysisTemplate";

    /// <summary>What the executor would refuse it for, or null.</summary>
    /// <param name="manifest">The Rollout.</param>
    /// <param name="manifests">All manifests at hand.</param>
    public static string? Error(JsonObject manifest, IReadOnlyList<JsonObject> manifests)
    {
        var complete = (JsonObject)manifest.DeepClone();
        (complete["metadata"] as JsonObject ?? [])["uid"] = "00000000-0000-0000-0000-000000000000";
        (complete["metadata"] as JsonObject ?? [])["namespace"] ??= "default";
        var rollout = TolerantReader.Read<Rollout>(JsonSerializer.SerializeToElement(complete));
        var view = Views.Of(rollout);
        var seen = WithWorkload(new Observation { Rollout = view, Services = Services(rollout, manifests), Routes = Routes(view, manifests) }, manifests);
        return SpecValidation.FirstError(seen)
            ?? (HasAllTemplates(rollout.Spec, manifests)
                ? RolloutAnalysisValidation.FirstError(complete, rollout.Spec ?? new RolloutSpec(), reference => Find(reference, manifests))
                : null);
    }

    /// <summary>The same at the line of the field that it names.</summary>
    public static LintFinding? Finding(ManifestDocument document, IReadOnlyList<JsonObject> manifests)
    {
        if (Error(document.Json, manifests) is not { } error)
        {
            return null;
        }

        var path = error.Split(": ", 2) is [var field, _] && field.StartsWith("spec", StringComparison.Ordinal) ? field : "";
        return document.Finding(path, path.Length > 0 ? error[(path.Length + 2)..] : error);
    }

    // A workload that the file does not hold is in the cluster already, with a template that fits.
    private static Observation WithWorkload(Observation seen, IReadOnlyList<JsonObject> manifests)
    {
        if (seen.Rollout.Spec is not { WorkloadRef: { } reference, Template: null } spec)
        {
            return seen;
        }

        if (WorkloadKind.Of(reference) is not { } kind)
        {
            return seen with { WorkloadError = WorkloadKind.Unsupported(reference) };
        }

        var workload = manifests.FirstOrDefault(m => m["kind"]?.ToString() == kind.Name && m["metadata"]?["name"]?.ToString() == reference.Name);
        var selector = spec.Selector ?? Read<LabelSelector>(workload?["spec"]?["selector"])
            ?? new LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = seen.Rollout.Name } };
        var template = (workload?["spec"]?["template"] ?? workload?["template"]) as JsonObject ?? new JsonObject
        {
            ["metadata"] = new JsonObject { ["labels"] = JsonSerializer.SerializeToNode(selector.MatchLabels ?? new Dictionary<string, string>()) },
            ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "app", ["image"] = "app" }) },
        };
        return seen with
        {
            Rollout = seen.Rollout with { Spec = spec with { Selector = selector, Template = template } },
            Workload = new WorkloadView(kind.Name, reference.Name ?? "", 1, spec.Replicas),
        };
    }

    // What the file does not hold may be in the cluster already, so a Service counts as missing only where the file has Services of its own.
    private static Dictionary<string, ServiceView> Services(Rollout rollout, IReadOnlyList<JsonObject> manifests)
    {
        Dictionary<string, ServiceView> services = [];
        foreach (var service in manifests.Where(m => m["kind"]?.ToString() == "Service").Select(Read<V1Service>).OfType<V1Service>())
        {
            services[service.Metadata.Name ?? ""] = Views.Of(service);
        }

        if (services.Count == 0)
        {
            foreach (var (_, name) in ReferenceValidation.Services(rollout.Spec ?? new RolloutSpec()).Where(s => !string.IsNullOrEmpty(s.Name)))
            {
                services[name!] = new ServiceView { Name = name! };
            }
        }

        return services;
    }

    // With routing objects it is the same as with Services.
    private static RouteObjects Routes(RolloutView rollout, IReadOnlyList<JsonObject> manifests)
    {
        var reads = TrafficRouters.Reads(rollout);
        var named = manifests.SelectMany(m => reads.Objects.Where(o => Is(m, o.Kind, o.Namespace, o.Name)).Select(o => KeyValuePair.Create(o, m)));
        var selected = manifests.SelectMany(m => reads.Selections.Where(s => Is(m, s.Kind, s.Namespace, null))
            .Select(s => KeyValuePair.Create(new RouteObject(s.Kind, s.Namespace, m["metadata"]!["name"]?.ToString() ?? ""), m)));
        var held = named.Concat(selected).DistinctBy(o => o.Key).ToList();
        return held.Count == 0 ? RouteObjects.Unseen : new RouteObjects(held, []);
    }

    private static bool Is(JsonObject manifest, RouteKind kind, string ns, string? name) =>
        manifest["kind"]?.ToString() == kind.Kind
        && manifest["apiVersion"]?.ToString().Split('/') is [var group, var version] && group == kind.Group && kind.Versions.Contains(version)
        && (manifest["metadata"]!["namespace"]?.ToString() ?? ns) == ns
        && (name is null || manifest["metadata"]!["name"]?.ToString() == name);

    private static bool HasAllTemplates(RolloutSpec? spec, IReadOnlyList<JsonObject> manifests) =>
        RolloutAnalysisValidation.All(spec?.Strategy).SelectMany(a => a.Templates ?? []).All(t => Find(t, manifests) is not null);

    private static AnalysisTemplateSpec? Find(AnalysisTemplateRef reference, IReadOnlyList<JsonObject> manifests)
    {
        var kind = reference.ClusterScope == true ? ClusterTemplate : Template;
        return Read<AnalysisTemplateSpec>(
            manifests.FirstOrDefault(m => m["kind"]?.ToString() == kind && m["metadata"]?["name"]?.ToString() == reference.TemplateName)?["spec"]);
    }

    private static T? Read<T>(JsonNode? node)
        where T : class
    {
        try
        {
            return node.Deserialize<T>(ModelJson.Options);
        }
        catch (JsonException)
        {
            return null; // what is wrong with it is said where it stands, or is another program's affair
        }
    }
}
