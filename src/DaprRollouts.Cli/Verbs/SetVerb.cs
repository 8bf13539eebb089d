using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using DaprRollouts.Cli.Cluster;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Signals;
using DaprRollouts.Kubernetes.Resources;
using k8s;
using k8s.Autorest;

namespace DaprRollouts.Cli.Verbs;

/// <summary>Changes the images of a rollout, which starts a new revision.</summary>
internal static class SetVerb
{
    private const int Attempts = 5;

    public static Command Create(Shell shell)
    {
        var name = RolloutName.Argument(shell);
        var images = new Argument<string[]>("container=image") { Description = "Container and its new image; * is every container.", Arity = ArgumentArity.OneOrMore };
        images.Validators.Add(result =>
        {
            foreach (var wrong in result.Tokens.Select(t => t.Value).Where(v => v.IndexOf('=') <= 0 || v.EndsWith('=')))
            {
                result.AddError($"'{wrong}' is not of the form container=image.");
            }

            foreach (var twice in result.Tokens.GroupBy(t => t.Value.Split('=')[0]).Where(g => g.Count() > 1))
            {
                result.AddError($"The container '{twice.Key}' is given {twice.Count()} images.");
            }
        });
        var reason = RolloutName.Reason();
        var image = new Command("image", "Set the images of a rollout's containers.") { name, images, reason };
        image.SetAction(async (parsed, cancel) =>
        {
            var changes = parsed.GetRequiredValue(images).Select(i => i.Split('=', 2)).ToDictionary(p => p[0], p => p[1]);
            var (kind, changed) = await SetAsync(shell.Connect(parsed), parsed.GetRequiredValue(name), changes, parsed.GetValue(reason), cancel);
            await shell.Out.WriteLineAsync($"{kind.ToLowerInvariant()} \"{changed}\" image updated");
        });
        return new Command("set", "Change a rollout.") { image };
    }

    /// <summary>Sets the images, in the workload that lends its pod template where there is one, and records who did it; returns what was changed.</summary>
    public static async Task<(string Kind, string Name)> SetAsync(Target target, string name, IReadOnlyDictionary<string, string> images, string? reason, CancellationToken cancel)
    {
        var rollout = await target.ReadJsonAsync(Kinds.Rollouts, name, cancel);
        var changed = (Kinds.Rollouts.Kind, Name: name);
        if (rollout["spec"]?["workloadRef"].Deserialize<WorkloadRef>(ModelJson.Options) is not { Name: { } workload } reference)
        {
            await WriteAsync(target, Kinds.Rollouts, name, images, cancel);
        }
        else if (WorkloadKind.Of(reference) is { } kind)
        {
            await WriteAsync(target, Kinds.Workloads[kind], workload, images, cancel);
            changed = (kind.Name, workload);
        }
        else
        {
            throw new CommandException(WorkloadKind.Unsupported(reference));
        }

        await target.ChangeAsync(name, SignalRecord.SetImage, reason ?? string.Join(' ', images.Select(i => $"{i.Key}={i.Value}")), null, null, cancel);
        return changed;
    }

    // Somebody else's change in between is respected: what they left is read, and changed again.
    private static async Task WriteAsync<T>(Target target, ResourceKind<T> kind, string name, IReadOnlyDictionary<string, string> images, CancellationToken cancel)
        where T : IKubernetesObject<k8s.Models.V1ObjectMeta>
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var owner = await target.ReadJsonAsync(kind, name, cancel);
                Apply(owner, images);
                await target.Client.CustomObjects.ReplaceNamespacedCustomObjectAsync<JsonElement>(
                    owner, kind.Group, kind.Version, target.Namespace, kind.Plural, name, cancellationToken: cancel);
                return;
            }
            catch (HttpOperationException e) when (e.Response.StatusCode == System.Net.HttpStatusCode.Conflict && attempt < Attempts)
            {
                // Read and tried again.
            }
        }
    }

    /// <summary>Writes the images into the pod template of an object.</summary>
    public static void Apply(JsonObject owner, IReadOnlyDictionary<string, string> images)
    {
        var pod = (owner["spec"]?["template"] ?? owner["template"])?["spec"];
        var containers = ((string[])["initContainers", "containers", "ephemeralContainers"])
            .SelectMany(list => pod?[list] as JsonArray ?? [])
            .OfType<JsonObject>()
            .ToList();
        foreach (var (container, image) in images)
        {
            var named = containers.Where(c => container == "*" || c["name"]?.ToString() == container).ToList();
            if (named.Count == 0)
            {
                var known = string.Join(", ", containers.Select(c => c["name"]?.ToString()));
                throw new CommandException($"there is no container '{container}': the pod template has {(known.Length == 0 ? "none" : known)}");
            }

            named.ForEach(c => c["image"] = image);
        }
    }
}
