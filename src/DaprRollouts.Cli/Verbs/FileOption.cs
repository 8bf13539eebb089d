using System.CommandLine;

namespace DaprRollouts.Cli.Verbs;

/// <summary>The option that names manifests.</summary>
internal static class FileOption
{
    public static Option<string[]> Create() => new("--filename", "-f")
    {
        Description = "File with manifests in YAML or JSON; - is standard input.", Required = true, Arity = ArgumentArity.OneOrMore,
    };
}
