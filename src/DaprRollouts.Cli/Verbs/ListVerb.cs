using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using DaprRollouts.Activities;
using DaprRollouts.Cli.Cluster;
using DaprRollouts.Cli.Output;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Overviews;
using DaprRollouts.Core.Planning;
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
        var named = new Option<string?>("--name") { Description = "Only the one of this name." };
        var watch = new Option<bool>("--watch", "-w") { Description = "Keep showing them as they change." };
        var timestamps = new Option<bool>("--timestamps") { Description = "Say when each was looked at." };
        var output = OutputFormat.Option(OutputFormat.Json, OutputFormat.Yaml, OutputFormat.Wide);
        var rollouts = new Command("rollouts", "List rollouts.") { all, named, watch, timestamps, output };
        rollouts.Aliases.Add("ro");
        rollouts.Aliases.Add("rollout");
        rollouts.SetAction(async (parsed, cancel) =>
        {
            var target = shell.Connect(parsed);
            var ns = parsed.GetValue(all) ? "" : target.Namespace;
            var format = parsed.GetValue(output);
            var columns = new Columns(Namespaces: ns.Length == 0, Wide: format == OutputFormat.Wide, Timestamps: parsed.GetValue(timestamps));
            if (format is OutputFormat.Json or OutputFormat.Yaml)
            {
                await shell.Out.WriteAsync(OutputFormat.Text(await ReadJsonAsync(target, ns, parsed.GetValue(named), cancel), format));
            }
            else if (parsed.GetValue(watch))
            {
                await Follow.ShowAsync(shell, async c => new Unbroken(Table(await ReadAsync(target, ns, parsed.GetValue(named), c), columns, shell.Time.GetUtcNow())), cancel);
            }
            else if (await ReadAsync(target, ns, parsed.GetValue(named), cancel) is { Count: > 0 } found)
            {
                shell.Show(Table(found, columns, shell.Time.GetUtcNow()));
            }
            else
            {
                await shell.Error.WriteLineAsync(ns.Length == 0 ? "No rollouts found." : $"No rollouts found in namespace '{ns}'.");
            }
        });
        return new Command("list", "List rollouts.") { rollouts };
    }

    private static async Task<IReadOnlyList<Rollout>> ReadAsync(Target target, string ns, string? name, CancellationToken cancel) =>
        [.. (await target.Writer.ListAsync(Kinds.Rollouts, new ResourceCache<Rollout>(), ns, null, cancel)).Where(r => name is null || r.Metadata.Name == name)];

    private static async Task<JsonObject> ReadJsonAsync(Target target, string ns, string? name, CancellationToken cancel)
    {
        var kind = Kinds.Rollouts;
        var selector = name is null ? null : $"metadata.name={name}";
        var api = target.Client.CustomObjects;
        var list = ns.Length == 0
            ? await api.ListClusterCustomObjectAsync<JsonElement>(kind.Group, kind.Version, kind.Plural, fieldSelector: selector, cancellationToken: cancel)
            : await api.ListNamespacedCustomObjectAsync<JsonElement>(kind.Group, kind.Version, ns, kind.Plural, fieldSelector: selector, cancellationToken: cancel);
        return JsonObject.Create(list)!;
    }

    /// <summary>The rollouts as a table.</summary>
    public static Table Table(IReadOnlyList<Rollout> rollouts, Columns columns, DateTimeOffset now)
    {
        string[] titles =
        [
            .. columns.Timestamps ? ["TIMESTAMP"] : Array.Empty<string>(),
            .. columns.Namespaces ? ["NAMESPACE"] : Array.Empty<string>(),
            "NAME", "STRATEGY", "STATUS", "STEP", "SET-WEIGHT", "READY", "DESIRED", "UP-TO-DATE", "AVAILABLE", "AGE",
            .. columns.Wide ? ["MESSAGE", "IMAGES"] : Array.Empty<string>(),
        ];
        var table = new Table().NoBorder();
        foreach (var title in titles)
        {
            table.AddColumn(new TableColumn(title).NoWrap().PadLeft(0).PadRight(2));
        }

        foreach (var rollout in rollouts.OrderBy(r => r.Metadata.NamespaceProperty, StringComparer.Ordinal).ThenBy(r => r.Metadata.Name, StringComparer.Ordinal))
        {
            table.AddRow([.. Cells(rollout, columns, now).Select(Markup.Escape)]);
        }

        return table;
    }

    private static IEnumerable<string> Cells(Rollout rollout, Columns columns, DateTimeOffset now)
    {
        var shown = SummaryOf.Rollout(new Observation { Rollout = Views.Of(rollout) }, now);
        return
        [
            .. columns.Timestamps ? [ModelJson.Time(now)] : Array.Empty<string>(),
            .. columns.Namespaces ? [shown.Namespace] : Array.Empty<string>(),
            shown.Name,
            shown.Strategy ?? "none",
            shown.Phase,
            shown.StepCount is { } steps ? $"{shown.StepIndex}/{steps}" : "-",
            shown.SetWeight is { } weight ? $"{weight}" : "-",
            $"{shown.Ready}/{rollout.Status?.Replicas ?? 0}",
            $"{shown.Desired}",
            $"{shown.Updated}",
            $"{shown.Available}",
            Age.Since(rollout.Metadata.CreationTimestamp, now),
            .. columns.Wide ? [shown.Message ?? "", string.Join(", ", Images.Of(rollout.Spec?.Template))] : Array.Empty<string>(),
        ];
    }

    /// <summary>Which columns the table has beside the usual ones.</summary>
    internal sealed record Columns(bool Namespaces = false, bool Wide = false, bool Timestamps = false);
}
