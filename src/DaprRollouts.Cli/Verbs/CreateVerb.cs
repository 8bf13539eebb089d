using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using DaprRollouts.Cli.Cluster;
using DaprRollouts.Kubernetes.Writing;
using k8s;

namespace DaprRollouts.Cli.Verbs;

/// <summary>Creates the rollouts and analyses of a file.</summary>
internal static class CreateVerb
{
    private static readonly Dictionary<string, string> Plurals = new()
    {
        ["AnalysisRun"] = "analysisruns",
        ["AnalysisTemplate"] = "analysistemplates",
        ["ClusterAnalysisTemplate"] = "clusteranalysistemplates",
        ["Experiment"] = "experiments",
        ["Rollout"] = "rollouts",
    };

    public static Command Create(Shell shell)
    {
        var files = FileOption.Create();
        var watch = new Option<bool>("--watch", "-w") { Description = "Keep showing the rollout that was created as it changes." };
        var command = new Command("create", "Create the rollouts, analyses and experiments of a file.") { files, watch, CreateAnalysisRun.Create(shell) };
        command.SetAction(async (parsed, cancel) =>
        {
            var target = shell.Connect(parsed);
            var manifests = parsed.GetRequiredValue(files).SelectMany(ManifestFile.Read).ToList();
            var watched = parsed.GetValue(watch) ? TheRollout(manifests) : null;
            foreach (var manifest in manifests)
            {
                await shell.Out.WriteLineAsync(await CreateAsync(target, manifest, cancel));
            }

            if (watched is not null)
            {
                await GetVerb.WatchAsync(shell, target.In(NamespaceOf(target, watched)), watched["metadata"]!["name"]!.ToString(), wide: false, cancel);
            }
        });
        return command;
    }

    private static JsonObject TheRollout(List<JsonObject> manifests) =>
        manifests.Where(m => m["kind"]?.ToString() == "Rollout" && m["metadata"]?["name"] is not null).ToList() is [var rollout]
            ? rollout
            : throw new CommandException("--watch shows one Rollout, by its name: the file must have exactly one that has a name");

    private static string NamespaceOf(Target target, JsonObject manifest) => manifest["metadata"]?["namespace"]?.ToString() ?? target.Namespace;

    /// <summary>Creates an object, and says so.</summary>
    public static async Task<string> CreateAsync(Target target, JsonObject manifest, CancellationToken cancel)
    {
        var kind = manifest["kind"]?.ToString() ?? "";
        if (!Plurals.TryGetValue(kind, out var plural))
        {
            throw new CommandException($"kind '{kind}' is not created by this program: it knows {string.Join(", ", Plurals.Keys)}; use kubectl for others");
        }

        var version = manifest["apiVersion"]?.ToString().Split('/') is ["argoproj.io", var known]
            ? known
            : throw new CommandException($"apiVersion of the {kind} is '{manifest["apiVersion"]}': write argoproj.io/v1alpha1");
        var api = target.Client.CustomObjects;
        var ns = NamespaceOf(target, manifest);
        var made = kind == "ClusterAnalysisTemplate"
            ? await api.CreateClusterCustomObjectAsync<JsonElement>(manifest, "argoproj.io", version, plural, fieldManager: ClusterWriter.FieldManager, cancellationToken: cancel)
            : await api.CreateNamespacedCustomObjectAsync<JsonElement>(manifest, "argoproj.io", version, ns, plural, fieldManager: ClusterWriter.FieldManager, cancellationToken: cancel);
        return $"{kind.ToLowerInvariant()}.argoproj.io/{made.GetProperty("metadata").GetProperty("name").GetString()} created";
    }
}
