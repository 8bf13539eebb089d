using System.Text.Json.Nodes;
using DaprRollouts.Core.Images;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Signals;
using DaprRollouts.Kubernetes.Resources;
using DaprRollouts.Kubernetes.Watching;
using DaprRollouts.Kubernetes.Writing;

namespace DaprRollouts.Executor.Images;

/// <summary>An image of a Rollout that was changed, as a push asked for it.</summary>
public sealed record ImageUpdate(string Namespace, string Rollout, string Container, string Image);

/// <summary>
/// Gives the Rollouts that follow a repository the images that are pushed to it, as <c>set image</c> would, and records who pushed them. What follows is an update like
/// any other. The same push again changes nothing.
/// </summary>
internal sealed partial class ImageUpdater(ClusterCache cluster, ClusterWriter writer, TimeProvider time, ILogger<ImageUpdater> logger)
{
    private const int Attempts = 3;
    private const string TemplatePath = "/spec/template";

    private static readonly string SignalPath = $"/metadata/annotations/{OwnNames.Signal.Replace("/", "~1")}";

    /// <summary>Updates every Rollout that follows the image's repository.</summary>
    /// <param name="push">What was pushed.</param>
    /// <param name="id">Identifies the message that told of it, or null.</param>
    /// <param name="cancel">Ends it.</param>
    public async Task<IReadOnlyList<ImageUpdate>> ApplyAsync(ImagePush push, string? id, CancellationToken cancel)
    {
        List<ImageUpdate> updates = [];
        foreach (var rollout in cluster.Rollouts.List().Where(r => r.Metadata.DeletionTimestamp is null))
        {
            updates.AddRange(await ApplyAsync(rollout, push, id, cancel));
        }

        return updates;
    }

    private async Task<IEnumerable<ImageUpdate>> ApplyAsync(Rollout rollout, ImagePush push, string? id, CancellationToken cancel)
    {
        var (ns, name) = (rollout.Metadata.NamespaceProperty, rollout.Metadata.Name);
        if (Policies(rollout) is not { Count: > 0 } policies)
        {
            return [];
        }

        var changes = rollout.Spec?.WorkloadRef is { Name: { } workload } reference
            ? WorkloadKind.Of(reference) is { } kind ? await ChangeAsync(new Lender(kind, ns, workload), policies, push, cancel) : []
            : await ChangeAsync(rollout, policies, push, id, cancel);
        if (changes.Count == 0)
        {
            return [];
        }

        if (rollout.Spec?.WorkloadRef is not null)
        {
            await writer.PatchAsync(Kinds.Rollouts, cluster.Rollouts, ns, name, new JsonArray(Record(push, id)), cancel);
        }

        Log.Updated(logger, ns, name, string.Join(", ", changes.Select(c => $"{c.Container}={c.Wanted}")), push.By ?? "");
        return changes.Select(c => new ImageUpdate(ns, name, c.Container, c.Wanted));
    }

    // Who pushed is recorded by the same patch, so that whoever sees the new image sees that, too.
    private Task<IReadOnlyList<ImageChange>> ChangeAsync(Rollout rollout, IReadOnlyList<ImagePolicy> policies, ImagePush push, string? id, CancellationToken cancel)
    {
        var (ns, name) = (rollout.Metadata.NamespaceProperty, rollout.Metadata.Name);
        return ChangeAsync(
            rollout,
            r => r.Spec?.Template is { } template ? ImageChange.Of(template, policies, push.Image) : [],
            changes => writer.PatchAsync(Kinds.Rollouts, cluster.Rollouts, ns, name, new JsonArray([.. changes.SelectMany(c => c.Operations(TemplatePath)), Record(push, id)]), cancel),
            () => writer.GetAsync(Kinds.Rollouts, cluster.Rollouts, ns, name, cancel));
    }

    // The pod template of a workload is the workload's to change.
    private async Task<IReadOnlyList<ImageChange>> ChangeAsync(Lender lender, IReadOnlyList<ImagePolicy> policies, ImagePush push, CancellationToken cancel)
    {
        var (kind, ns, name) = lender;
        var path = kind.Name == "PodTemplate" ? "/template" : TemplatePath;
        Task<Workload?> ReadAsync() => writer.GetAsync(Kinds.Workloads[kind], null, ns, name, cancel);
        return await ChangeAsync(
            await ReadAsync(),
            w => (w.Spec?.Template ?? w.Template) is { } template ? ImageChange.Of(template, policies, push.Image) : [],
            changes => writer.PatchAsync(Kinds.Workloads[kind], null, ns, name, new JsonArray([.. changes.SelectMany(c => c.Operations(path))]), cancel),
            ReadAsync);
    }

    private static async Task<IReadOnlyList<ImageChange>> ChangeAsync<T>(
        T? seen, Func<T, IReadOnlyList<ImageChange>> find, Func<IReadOnlyList<ImageChange>, Task> write, Func<Task<T?>> read)
        where T : class
    {
        for (var attempt = 1; seen is not null; attempt++)
        {
            var changes = find(seen);
            if (changes.Count == 0)
            {
                break;
            }

            try
            {
                await write(changes);
                return changes;
            }
            catch (Exception e) when (e is InvalidObjectException or ConflictException && attempt < Attempts)
            {
                seen = await read(); // somebody else changed it in between: what they left is looked at
            }
            catch (NotFoundException)
            {
                break; // it is gone
            }
        }

        return [];
    }

    private IReadOnlyList<ImagePolicy> Policies(Rollout rollout)
    {
        if (rollout.Metadata.Annotations?.TryGetValue(OwnNames.ImagePolicy, out var annotation) != true)
        {
            return [];
        }

        var (policies, errors) = ImagePolicy.Parse(annotation!);
        foreach (var error in errors)
        {
            Log.PolicyUnreadable(logger, rollout.Metadata.NamespaceProperty, rollout.Metadata.Name, OwnNames.ImagePolicy, error);
        }

        return policies;
    }

    private JsonObject Record(ImagePush push, string? id)
    {
        var record = new SignalRecord(SignalRecord.SetImage, push.By ?? "image push", push.Reason ?? $"{push.Image} was pushed", id, time.GetUtcNow());
        return new JsonObject { ["op"] = "add", ["path"] = SignalPath, ["value"] = record.ToJson() };
    }

    private sealed record Lender(WorkloadKind Kind, string Namespace, string Name);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Rollout {Namespace}/{Rollout} follows a pushed image: {Images} (by {By})")]
        public static partial void Updated(ILogger logger, string @namespace, string rollout, string images, string by);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Rollout {Namespace}/{Rollout}: annotation {Annotation} cannot be read: {Problem}")]
        public static partial void PolicyUnreadable(ILogger logger, string @namespace, string rollout, string annotation, string problem);
    }
}
