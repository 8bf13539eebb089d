using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Core.Revisions;
using DaprRollouts.Kubernetes.Watching;

namespace DaprRollouts.Activities;

/// <summary>
/// Gives a Rollout the pod template, and if it has none the selector, of the workload that it refers to. They are never written to the Rollout itself.
/// </summary>
internal static class WorkloadResolver
{
    /// <summary>The Rollout with its template, the workload, and what is wrong with it.</summary>
    public static (RolloutView Rollout, WorkloadView? Workload, string? Error) Resolve(RolloutView rollout, WorkloadCaches workloads)
    {
        if (rollout.Spec.WorkloadRef is not { } reference)
        {
            return (WithTemplate(rollout, rollout.Spec), null, null);
        }

        if (WorkloadKind.Of(reference) is not { } kind)
        {
            return (rollout, null, WorkloadKind.Unsupported(reference));
        }

        if (workloads.Of(kind).Get(rollout.Namespace, reference.Name ?? "") is not { } workload)
        {
            return (rollout, null, $"{kind.Resource} \"{reference.Name}\" not found");
        }

        if (HasOwnTemplate(rollout.Spec))
        {
            return (rollout, null, null);
        }

        var spec = rollout.Spec with
        {
            Template = workload.Spec?.Template ?? workload.Template, Selector = rollout.Spec.Selector ?? workload.Spec?.Selector,
        };
        var view = new WorkloadView(kind.Name, workload.Metadata.Name, workload.Metadata.Generation ?? 0, kind.Name == "PodTemplate" ? null : workload.Spec?.Replicas ?? 1);
        return (WithTemplate(rollout, spec), view, null);
    }

    private static RolloutView WithTemplate(RolloutView rollout, RolloutSpec spec)
    {
        var template = ReadableTemplate.Of(spec.Template);
        return ReferenceEquals(spec, rollout.Spec) && ReferenceEquals(template, spec.Template) ? rollout : rollout with { Spec = spec with { Template = template } };
    }

    private static bool HasOwnTemplate(RolloutSpec spec) =>
        !Canonical.IsEmpty(spec.Template?["metadata"]?["labels"]) || !Canonical.IsEmpty(spec.Template?["metadata"]?["annotations"]);
}
