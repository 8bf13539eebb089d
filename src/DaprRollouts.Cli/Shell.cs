using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using DaprRollouts.Cli.Cluster;
using DaprRollouts.Cli.Verbs;
using DaprRollouts.Core.Validation;
using DaprRollouts.Kubernetes;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DaprRollouts.Cli;

/// <summary>The command line: the options that all verbs share, where output goes, and how failures are told.</summary>
internal sealed class Shell
{
    /// <summary>Wide enough that nothing is wrapped where a program reads.</summary>
    public const int RedirectedWidth = 400;

    /// <summary>How long a verb may take to end after Ctrl-C; the demo has a cluster to stop and files to remove.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(20);

    private readonly Option<string?> _kubeconfig = new("--kubeconfig")
    {
        Description = "Path of a kubeconfig. Default: KUBECONFIG, then ~/.kube/config, then the pod's service account.", Recursive = true,
    };

    private readonly Option<string?> _context = new("--context") { Description = "Context of the kubeconfig. Default: the current one.", Recursive = true };

    private readonly Option<string?> _namespace = new("--namespace", "-n") { Description = "Namespace. Default: that of the context.", Recursive = true };

    private readonly Option<bool> _noColor = new("--no-color") { Description = "Do not colour what is shown.", Recursive = true };

    public Shell(IAnsiConsole console, TextWriter error, TimeProvider time) => (Console, Error, Time) = (console, error, time);

    public IAnsiConsole Console { get; }

    public TextWriter Error { get; }

    public TimeProvider Time { get; }

    /// <summary>Text as it is, neither wrapped nor coloured.</summary>
    public TextWriter Out => Console.Profile.Out.Writer;

    /// <summary>Shows something as wide as it is: a terminal breaks lines better than a table breaks words.</summary>
    public void Show(IRenderable page)
    {
        var width = Console.Profile.Width;
        Console.Profile.Width = Math.Max(width, RedirectedWidth);
        var text = Console.ToAnsi(page);
        Console.Profile.Width = width;
        Out.Write(string.Join('\n', text.Split('\n').Select(l => l.TrimEnd())));
    }

    /// <summary>The whole command.</summary>
    public RootCommand Command()
    {
        var root = new RootCommand("Progressive delivery for Kubernetes: watches and steers Rollouts.") { _kubeconfig, _context, _namespace, _noColor };
        foreach (var create in VerbCatalog.All)
        {
            root.Subcommands.Add(create(this));
        }

        // Completion would offer these words for help, too.
        foreach (var alias in (string[])["/?", "/h"])
        {
            root.Options.OfType<HelpOption>().Single().Aliases.Remove(alias);
        }

        return root;
    }

    /// <summary>Runs a command line and returns the exit code: 0 done, 1 refused or Degraded, 2 misuse.</summary>
    public async Task<int> RunAsync(IReadOnlyList<string> args, CancellationToken cancel = default)
    {
        var parsed = Command().Parse(args.Count == 0 ? ["--help"] : args);
        if (parsed.Action is ParseErrorAction)
        {
            await Error.WriteLineAsync($"dapr-rollouts: {Problems(parsed)} See '{Path(parsed)} --help'.");
            return CommandException.Misuse;
        }

        if (parsed.GetValue(_noColor))
        {
            Console.Profile.Capabilities.ColorSystem = ColorSystem.NoColors;
        }

        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration
                {
                    EnableDefaultExceptionHandler = false, Output = Out, Error = Error, ProcessTerminationTimeout = Farewell,
                },
                cancel);
        }
        catch (Exception e) when (Failure.Of(e) is { } failure)
        {
            await Error.WriteLineAsync($"dapr-rollouts: {failure.Message}");
            return failure.ExitCode;
        }
    }

    /// <summary>The cluster that the options name.</summary>
    public Target Connect(ParseResult parsed)
    {
        var connection = ClusterConnection.Open(parsed.GetValue(_kubeconfig), parsed.GetValue(_context));
        return new Target(connection, parsed.GetValue(_namespace) ?? connection.Namespace, Time);
    }

    private static string Problems(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (command.Action is not null)
        {
            return string.Join(' ', parsed.Errors.Select(e => Sentence(e.Message)).Distinct());
        }

        List<string> verbs = [.. command.Subcommands.Select(c => c.Name)];
        return command is RootCommand && parsed.UnmatchedTokens.FirstOrDefault() is { } word
            ? $"there is no command '{word}'{(DidYouMean.Of(word, verbs) is { } near ? $": did you mean '{near}'?" : ".")}"
            : $"'{Path(parsed)}' must be followed by one of: {string.Join(", ", verbs)}.";
    }

    private static string Sentence(string message)
    {
        var line = string.Join(' ', message.Split(['\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        return line.EndsWith('.') || line.EndsWith('?') ? line : $"{line}.";
    }

    private static string Path(ParseResult parsed)
    {
        List<string> words = [];
        for (var command = parsed.CommandResult; command is not null; command = command.Parent as System.CommandLine.Parsing.CommandResult)
        {
            words.Insert(0, command.Command is RootCommand ? "dapr-rollouts" : command.Command.Name);
        }

        return string.Join(' ', words);
    }
}
