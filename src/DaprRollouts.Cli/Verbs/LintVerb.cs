using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using DaprRollouts.Activities;
using DaprRollouts.Cli.Cluster;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Core.Validation;
using DaprRollouts.Kubernetes.Resources;
using k8s.Models;

namespace DaprRollouts.Cli.Verbs;

/// <summary>Checks manifests without a cluster.</summary>
internal static class LintVerb
{
    public static Command Create(Shell shell)
    {
        var files = FileOption.Create();
        var command = new Command("lint", "Check the rollouts of a file, without a cluster.") { files };
        command.SetAction(async (parsed, _) =>
        {
            var found = 0;
            foreach (var file in parsed.GetRequiredValue(files))
            {
                foreach (var error in Errors(ManifestFile.Read(file)))
                {
                    await shell.Error.WriteLineAsync($"{file}: {error}");
                    found++;
                }
            }

            return found == 0 ? 0 : CommandException.Refused;
        });
        return command;
    }

    /// <summary>What is wrong with the rollouts among some manifests.</summary>
    public static IEnumerable<string> Errors(IReadOnlyList<JsonObject> manifests) => manifests
        .Where(m => m["kind"]?.ToString() == "Rollout")
        .Select(rollout => (Name: rollout["metadata"]?["name"]?.ToString() ?? "?", Error: Error(rollout, manifests)))
        .Where(r => r.Error is not null)
        .Select(r => $"Rollout \"{r.Name}\": {r.Error}");

    private static string? Error(JsonObject manifest, IReadOnlyList<JsonObject> manifests)
    {
        var complete = (JsonObject)manifest.DeepClone();
        (complete["metadata"] as JsonObject ?? [])["uid"] = "00000000-0000-0000-0000-000000000000";
        (complete["metadata"] as JsonObject ?? [])["namespace"] ??= "default";
        var rollout = TolerantReader.Read<Rollout>(JsonSerializer.SerializeToElement(complete));
        var view = Views.Of(rollout);

        // What the file does not hold may be in the cluster already, so a Service counts as missing only where the file has Services of its own.
        var services = manifests.Where(m => m["kind"]?.ToString() == "Service").Select(m => m.Deserialize<V1Service>()!).Select(Views.Of).ToDictionary(s => s.Name);
        if (services.Count == 0)
        {
            foreach (var (_, name) in ReferenceValidation.Services(rollout.Spec ?? new RolloutSpec()).Where(s => !string.IsNullOrEmpty(s.Name)))
            {
                services[name!] = new ServiceView { Name = name! };
            }
        }

        return SpecValidation.FirstError(new Observation { Rollout = view, Services = services });
    }
}
