using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using DaprRollouts.Cli.Cluster;
using DaprRollouts.Cli.Output;
using DaprRollouts.Core.Model;
using DaprRollouts.Kubernetes.Resources;
using DaprRollouts.Kubernetes.Watching;
using k8s;
using Spectre.Console;

namespace DaprRollouts.Cli.Verbs;

/// <summary>Lists rollouts.</summary>
internal static class ListVerb
{
    public static Command Create(Shell shell)
    {
        var all = new Option<bool>("--all-namespaces", "-A") { Description = "Those of all namespaces." };
        var watch = new Option<bool>("--watch", "-w") { Description = "Keep showing them as they change." };
        var output = OutputFormat.Option(OutputFormat.Json, OutputFormat.Yaml, OutputFormat.Wide);
        var rollouts = new Command("rollouts", "List rollouts.") { all, watch, output };
        rollouts.Aliases.Add("ro");
        rollouts.Aliases.Add("rollout");
        rollouts.SetAction(async (parsed, cancel) =>
        {
            var target = shell.Connect(parsed);
            var ns = parsed.GetValue(all) ? "" : target.Namespace;
            var format = parsed.GetValue(output);
            if (format is OutputFormat.Json or OutputFormat.Yaml)
            {
                await shell.Out.WriteAsync(OutputFormat.Text(await ReadJsonAsync(target, ns, cancel), format));
            }
            else if (parsed.GetValue(watch))
            {
                await Follow.ShowAsync(
                    shell, async c => Table(await ReadAsync(target, ns, c), ns.Length == 0, format == OutputFormat.Wide, shell.Time.GetUtcNow()), cancel);
            }
            else if (await ReadAsync(target, ns, cancel) is { Count: > 0 } found)
            {
                shell.Console.Write(Table(found, ns.Length == 0, format == OutputFormat.Wide, shell.Time.GetUtcNow()));
            }
            else
            {
                await shell.Error.WriteLineAsync(ns.Length == 0 ? "No rollouts found." : $"No rollouts found in namespace '{ns}'.");
            }
        });
        return new Command("list", "List rollouts.") { rollouts };
    }

    private static Task<IReadOnlyList<Rollout>> ReadAsync(Target target, string ns, CancellationToken cancel) =>
        target.Writer.ListAsync(Kinds.Rollouts, new ResourceCache<Rollout>(), ns, null, cancel);

    private static async Task<JsonObject> ReadJsonAsync(Target target, string ns, CancellationToken cancel)
    {
        var kind = Kinds.Rollouts;
        var list = ns.Length == 0
            ? await target.Client.CustomObjects.ListClusterCustomObjectAsync<JsonElement>(kind.Group, kind.Version, kind.Plural, cancellationToken: cancel)
            : await target.Client.CustomObjects.ListNamespacedCustomObjectAsync<JsonElement>(kind.Group, kind.Version, ns, kind.Plural, cancellationToken: cancel);
        return JsonObject.Create(list)!;
    }

    /// <summary>The rollouts as a table.</summary>
    public static Table Table(IReadOnlyList<Rollout> rollouts, bool namespaces, bool wide, DateTimeOffset now)
    {
        string[] titles = [.. namespaces ? ["NAMESPACE"] : Array.Empty<string>(), "NAME", "STRATEGY", "STATUS", "STEP", "DESIRED", "CURRENT", "UP-TO-DATE", "AVAILABLE", "AGE", .. wide ? ["MESSAGE", "IMAGES"] : Array.Empty<string>()];
        var table = new Table().NoBorder();
        foreach (var title in titles)
        {
            table.AddColumn(new TableColumn(title).NoWrap().PadLeft(0).PadRight(2));
        }

        foreach (var rollout in rollouts.OrderBy(r => r.Metadata.NamespaceProperty, StringComparer.Ordinal).ThenBy(r => r.Metadata.Name, StringComparer.Ordinal))
        {
            table.AddRow([.. Cells(rollout, namespaces, wide, now).Select(Markup.Escape)]);
        }

        return table;
    }

    private static IEnumerable<string> Cells(Rollout rollout, bool namespaces, bool wide, DateTimeOffset now)
    {
        var (phase, message) = ClientView.Of(rollout);
        var spec = rollout.Spec ?? new RolloutSpec();
        var status = rollout.Status ?? new RolloutStatus();
        var steps = spec.Strategy?.Canary?.Steps?.Count ?? 0;
        return
        [
            .. namespaces ? [rollout.Metadata.NamespaceProperty] : Array.Empty<string>(),
            rollout.Metadata.Name,
            spec.Strategy?.Canary is not null ? "Canary" : spec.Strategy?.BlueGreen is not null ? "BlueGreen" : "none",
            phase,
            steps > 0 ? $"{Math.Min(status.CurrentStepIndex ?? 0, steps)}/{steps}" : "-",
            $"{spec.Replicas ?? 1}",
            $"{status.Replicas ?? 0}",
            $"{status.UpdatedReplicas ?? 0}",
            $"{status.AvailableReplicas ?? 0}",
            Age.Since(rollout.Metadata.CreationTimestamp, now),
            .. wide ? [message, string.Join(", ", Images.Of(spec.Template))] : Array.Empty<string>(),
        ];
    }
}
