using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Core.Signals;
using DaprRollouts.Kubernetes.Resources;
using DaprRollouts.Kubernetes.Watching;
using DaprRollouts.Kubernetes.Writing;

namespace DaprRollouts.Activities;

/// <summary>Whether a signal was applied, and if not, why.</summary>
public enum SignalOutcome
{
    Applied,

    /// <summary>It had been applied before.</summary>
    Repeated,
    Malformed,
    NoSuchRollout,
    NotApplicable,

    /// <summary>The API server could not be asked, or refused the change.</summary>
    Unavailable,
}

/// <summary>What became of a signal.</summary>
public sealed record SignalResult(SignalOutcome Outcome, string Message);

/// <summary>
/// Turns signals into the changes of the Rollout that stand for them, so that all ways to send one are alike and none is lost: once the Rollout has it, any workflow will
/// find it there.
/// </summary>
public sealed class SignalWriter(RolloutObserver observer, ClusterCache cluster, ClusterWriter writer, TimeProvider time)
{
    /// <summary>Applies a signal to a rollout.</summary>
    public async Task<SignalResult> ApplyAsync(string ns, string name, Signal signal, CancellationToken cancel)
    {
        if (signal.Error() is { } error)
        {
            return new SignalResult(SignalOutcome.Malformed, error);
        }

        await writer.GetAsync(Kinds.Rollouts, cluster.Rollouts, ns, name, cancel);
        if (observer.FromCache(ns, name) is not { } seen)
        {
            return new SignalResult(SignalOutcome.NoSuchRollout, $"there is no Rollout {ns}/{name}");
        }

        var patches = SignalPatches.For(signal, seen, time.GetUtcNow());
        if (patches.IsRepeat)
        {
            return new SignalResult(SignalOutcome.Repeated, $"{signal.Action} was applied to Rollout {ns}/{name} already");
        }

        if (patches.Refusal is { } refusal)
        {
            return new SignalResult(SignalOutcome.NotApplicable, refusal);
        }

        if (patches.Announcement is { } announcement)
        {
            await writer.PatchAsync(Kinds.Rollouts, cluster.Rollouts, ns, name, announcement, cancel: cancel);
        }

        if (patches.Status is { } status)
        {
            await writer.PatchAsync(Kinds.Rollouts, cluster.Rollouts, ns, name, status, status: true, cancel);
        }

        if (patches.Template is { } template)
        {
            await ReplaceTemplateAsync(seen, template, cancel);
        }

        await writer.PatchAsync(Kinds.Rollouts, cluster.Rollouts, ns, name, patches.Main ?? new JsonObject(), cancel: cancel);
        return new SignalResult(SignalOutcome.Applied, $"{signal.Action} applied to Rollout {ns}/{name}");
    }

    // A template that a workload lends is the workload's to change.
    private Task ReplaceTemplateAsync(Observation seen, JsonObject template, CancellationToken cancel)
    {
        var (ns, name) = (seen.Rollout.Namespace, seen.Rollout.Name);
        if (seen.Rollout.Spec.WorkloadRef is not { Name: { } workload } reference || WorkloadKind.Of(reference) is not { } kind)
        {
            return writer.ReplaceAsync(Kinds.Rollouts, cluster.Rollouts, ns, name, "/spec/template", template, cancel);
        }

        var path = kind.Name == "PodTemplate" ? "/template" : "/spec/template";
        return writer.ReplaceAsync(Kinds.Workloads[kind], cluster.Workloads.Of(kind), ns, workload, path, template, cancel);
    }
}
