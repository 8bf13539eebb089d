using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using DaprRollouts.Activities;
using DaprRollouts.Cli.Cluster;
using DaprRollouts.Core.Analysis.Composition;
using DaprRollouts.Core.Model;
using DaprRollouts.Kubernetes.Resources;
using DaprRollouts.Kubernetes.Watching;

namespace DaprRollouts.Cli.Verbs;

/// <summary>Starts an analysis of a template, for no rollout.</summary>
internal static class CreateAnalysisRun
{
    private const string ClusterKind = "ClusterAnalysisTemplate";

    public static Command Create(Shell shell)
    {
        var from = new Option<string?>("--from") { Description = "Name of the AnalysisTemplate in the cluster." };
        var file = new Option<string?>("--from-file") { Description = "File with the template; - is standard input." };
        var global = new Option<bool>("--global") { Description = "--from names a ClusterAnalysisTemplate." };
        var arguments = new Option<string[]>("--argument", "-a") { Description = "An argument of the template, as name=value; may be given several times." };
        var name = new Option<string?>("--name") { Description = "Name of the run. Default: that of the template and some letters." };
        var prefix = new Option<string?>("--generate-name") { Description = "What the name of the run begins with." };
        var instance = new Option<string?>("--instance-id") { Description = "Which executor carries it out, where there are several." };
        var command = new Command("analysisrun", "Create an AnalysisRun from a template.") { from, file, global, arguments, name, prefix, instance };
        command.Aliases.Add("ar");
        command.Validators.Add(result =>
        {
            if (result.GetValue(from) is null == result.GetValue(file) is null)
            {
                result.AddError("Give either --from or --from-file.");
            }
        });
        arguments.Validators.Add(result =>
        {
            foreach (var wrong in result.Tokens.Select(t => t.Value).Where(v => v.IndexOf('=') <= 0))
            {
                result.AddError($"'{wrong}' is not of the form name=value.");
            }
        });
        command.SetAction(async (parsed, cancel) =>
        {
            var target = shell.Connect(parsed);
            var cluster = await target.ReadTemplatesAsync(cancel);
            var template = parsed.GetValue(file) is { } path
                ? FromFile(cluster, target.Namespace, path)
                : FromCluster(cluster, target.Namespace, parsed.GetRequiredValue(from)!, parsed.GetValue(global));
            var values = (parsed.GetValue(arguments) ?? []).Select(a => a.Split('=', 2)).Select(a => new AnalysisArgument { Name = a[0], Value = a[1] });
            var metadata = new JsonObject
            {
                [parsed.GetValue(name) is null ? "generateName" : "name"] = parsed.GetValue(name) ?? parsed.GetValue(prefix) ?? $"{template.TemplateName}-",
            };
            if (parsed.GetValue(instance) is { } id)
            {
                metadata["labels"] = new JsonObject { [ArgoNames.InstanceId] = id };
            }

            await shell.Out.WriteLineAsync(await CreateVerb.CreateAsync(target, Run(cluster, target.Namespace, template, [.. values], metadata), cancel));
        });
        return command;
    }

    private static JsonObject Run(ClusterCache cluster, string ns, AnalysisTemplateRef template, IReadOnlyList<AnalysisArgument> arguments, JsonObject metadata)
    {
        try
        {
            var draft = new AnalysisComposer(cluster).Compose(ns, template, arguments);
            metadata["annotations"] = JsonSerializer.SerializeToNode(draft.Annotations);
            return new JsonObject { ["apiVersion"] = "argoproj.io/v1alpha1", ["kind"] = "AnalysisRun", ["metadata"] = metadata, ["spec"] = ModelJson.ToNode(draft.Spec) };
        }
        catch (InvalidAnalysisException e)
        {
            throw new CommandException(e.Message);
        }
    }

    private static AnalysisTemplateRef FromCluster(ClusterCache cluster, string ns, string name, bool global)
    {
        ClusterObject? found = global ? cluster.ClusterAnalysisTemplates.Get(null, name) : cluster.AnalysisTemplates.Get(ns, name);
        return found is null
            ? throw new CommandException(global ? $"clusteranalysistemplate '{name}' not found" : $"analysistemplate '{name}' not found in namespace '{ns}'")
            : new AnalysisTemplateRef { TemplateName = name, ClusterScope = global };
    }

    private static AnalysisTemplateRef FromFile(ClusterCache cluster, string ns, string path)
    {
        if (ManifestFile.Read(path) is not [var manifest] || manifest["kind"]?.ToString() is not ("AnalysisTemplate" or ClusterKind) || manifest["metadata"] is not JsonObject metadata)
        {
            throw new CommandException($"{path} must hold one AnalysisTemplate or {ClusterKind}, and nothing else");
        }

        var isGlobal = manifest["kind"]!.ToString() == ClusterKind;
        var name = metadata["name"]?.ToString() ?? throw new CommandException($"{path}: metadata.name: the template has no name");
        metadata["namespace"] = isGlobal ? null : ns;
        if (isGlobal)
        {
            cluster.ClusterAnalysisTemplates.Upsert(TolerantReader.Read<ClusterAnalysisTemplate>(JsonSerializer.SerializeToElement(manifest)));
        }
        else
        {
            cluster.AnalysisTemplates.Upsert(TolerantReader.Read<AnalysisTemplate>(JsonSerializer.SerializeToElement(manifest)));
        }

        return new AnalysisTemplateRef { TemplateName = name, ClusterScope = isGlobal };
    }
}
