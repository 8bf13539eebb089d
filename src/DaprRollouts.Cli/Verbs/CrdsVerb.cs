using System.CommandLine;
using DaprRollouts.Kubernetes.CustomResources;

namespace DaprRollouts.Cli.Verbs;

/// <summary>Installs or prints the custom resource definitions.</summary>
internal static class CrdsVerb
{
    public static Command Create(Shell shell)
    {
        var install = new Command("install", "Install or update them in the cluster.");
        install.SetAction(async (parsed, cancel) =>
        {
            foreach (var (name, done) in await CrdInstaller.InstallAsync(shell.Connect(parsed).Client, cancel))
            {
                await shell.Out.WriteLineAsync($"customresourcedefinition.apiextensions.k8s.io/{name} {done}");
            }
        });
        var print = new Command("print", "Print them as YAML.");
        print.SetAction(async (_, _) =>
        {
            foreach (var (_, text) in CrdManifests.Files())
            {
                await shell.Out.WriteAsync($"---\n{text}");
            }
        });
        return new Command("crds", "The custom resource definitions.") { install, print };
    }
}
