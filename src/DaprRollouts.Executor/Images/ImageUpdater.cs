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
        for (var attempt = 1; ; attempt++)
        {
            var changes = Changes(rollout, push);
            if (changes.Count == 0)
            {
                return [];
            }

            try
            {
                await writer.PatchAsync(Kinds.Rollouts, cluster.Rollouts, ns, name, Patch(push, changes, id), cancel);
                Log.Updated(logger, ns, name, string.Join(", ", changes.Select(c => $"{c.Container}={c.Wanted}")), push.By ?? "");
                return changes.Select(c => new ImageUpdate(ns, name, c.Container, c.Wanted));
            }
            catch (Exception e) when (e is InvalidObjectException or ConflictException && attempt < Attempts)
            {
                // Somebody else changed the Rollout in between: what they left is looked at.
                if (await writer.GetAsync(Kinds.Rollouts, cluster.Rollouts, ns, name, cancel) is not { } now)
                {
                    return [];
                }

                rollout = now;
            }
            catch (NotFoundException)
            {
                return []; // it is gone
            }
        }
    }

    private IReadOnlyList<ImageChange> Changes(Rollout rollout, ImagePush push)
    {
        if (rollout.Metadata.Annotations?.TryGetValue(OwnNames.ImagePolicy, out var annotation) != true || rollout.Spec?.Template is not { } template)
        {
            return [];
        }

        var (policies, errors) = ImagePolicy.Parse(annotation!);
        foreach (var error in errors)
        {
            Log.PolicyUnreadable(logger, rollout.Metadata.NamespaceProperty, rollout.Metadata.Name, OwnNames.ImagePolicy, error);
        }

        return ImageChange.Of(template, policies, push.Image);
    }

    private JsonArray Patch(ImagePush push, IReadOnlyList<ImageChange> changes, string? id)
    {
        var record = new SignalRecord(SignalRecord.SetImage, push.By ?? "image push", push.Reason ?? $"{push.Image} was pushed", id, time.GetUtcNow());
        return
        [
            .. changes.SelectMany(c => c.Operations(TemplatePath)),
            new JsonObject { ["op"] = "add", ["path"] = SignalPath, ["value"] = record.ToJson() },
        ];
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Rollout {Namespace}/{Rollout} follows a pushed image: {Images} (by {By})")]
        public static partial void Updated(ILogger logger, string @namespace, string rollout, string images, string by);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Rollout {Namespace}/{Rollout}: annotation {Annotation} cannot be read: {Problem}")]
        public static partial void PolicyUnreadable(ILogger logger, string @namespace, string rollout, string annotation, string problem);
    }
}
