using DaprRollouts.Cli;
using DaprRollouts.Cli.Verbs;
using Spectre.Console.Testing;

namespace DaprRollouts.Tests.Cli;

/// <summary>What the command line takes, and how it refuses.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly StringWriter _error = new();
    private readonly TestConsole _console = new TestConsole().Width(200);

    private Shell Shell => new(_console, _error, TimeProvider.System);

    public void Dispose()
    {
        _error.Dispose();
        _console.Dispose();
    }

    [Fact]
    public void Verbs_are_in_alphabetical_order()
    {
        var names = VerbCatalog.All.Select(create => create(Shell).Name).ToList();

        Assert.Equal(names.Order(StringComparer.Ordinal), names);
    }

    [Fact]
    public async Task Help_lists_every_verb()
    {
        Assert.Equal(0, await Shell.RunAsync(["--help"]));

        Assert.All(VerbCatalog.All.Select(create => create(Shell)), verb => Assert.Contains($"  {verb.Name}", _console.Output));
    }

    [Fact]
    public async Task Every_command_has_help()
    {
        foreach (var path in Leaves([], Shell.Command()))
        {
            Assert.Equal(0, await Shell.RunAsync([.. path, "--help"]));
            Assert.Contains(string.Join(' ', path), _console.Output);
        }
    }

    [Fact]
    public void Every_command_is_in_the_reference()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs/reference/cli.md"));

        Assert.DoesNotContain(
            Leaves([], Shell.Command()).Select(path => string.Join(' ', path)), command => !page.Contains($"`{command}`") && !page.Contains($"`{command} "));
    }

    [Fact]
    public void Every_command_and_option_is_described()
    {
        Assert.All(VerbCatalog.All.Select(create => create(Shell)), Described);

        static void Described(System.CommandLine.Command command)
        {
            Assert.False(string.IsNullOrEmpty(command.Description), command.Name);
            Assert.All(command.Options, o => Assert.False(string.IsNullOrEmpty(o.Description), $"{command.Name} {o.Name}"));
            Assert.All(command.Subcommands, Described);
        }
    }

    [Theory]
    [InlineData("promote", "Required argument 'rollout' missing")]
    [InlineData("promote shop --full --skip-all-steps", "Give only one of --full")]
    [InlineData("set image shop web", "'web' is not of the form container=image.")]
    [InlineData("set image shop web=a web=b", "The container 'web' is given 2 images.")]
    [InlineData("status shop --timeout soon", "'soon' is not a duration")]
    [InlineData("undo shop --to-revision last", "'last' is not a revision: write for example 7.")]
    [InlineData("history shop --revision -1", "'-1' is not a revision")]
    [InlineData("signal shop --action dance", "'dance'")]
    [InlineData("completion tcsh", "'tcsh'")]
    [InlineData("get rollout shop -o xml", "'xml'")]
    [InlineData("dance", "there is no command 'dance'.")]
    [InlineData("promot shop", "there is no command 'promot': did you mean 'promote'?")]
    [InlineData("retry shop", "'dapr-rollouts retry' must be followed by one of: rollout.")]
    [InlineData("terminate", "'dapr-rollouts terminate' must be followed by one of: analysisrun, experiment.")]
    [InlineData("create", "--filename")]
    [InlineData("create analysisrun", "Give either --from or --from-file.")]
    [InlineData("create analysisrun --from a --from-file b", "Give either --from or --from-file.")]
    [InlineData("create analysisrun --from a -a host", "'host' is not of the form name=value.")]
    public async Task Misuse_is_one_line_and_exit_code_2(string line, string expected)
    {
        Assert.Equal(2, await Shell.RunAsync(line.Split(' ')));

        Assert.Contains(expected, _error.ToString());
        Assert.Single(_error.ToString().TrimEnd().Split('\n'));
        Assert.Contains("--help'", _error.ToString());
    }

    [Fact]
    public async Task A_kubeconfig_that_does_not_exist_is_told_with_exit_code_1()
    {
        Assert.Equal(1, await Shell.RunAsync(["list", "rollouts", "--kubeconfig", "/nowhere/kubeconfig"]));

        Assert.Equal("dapr-rollouts: the kubeconfig /nowhere/kubeconfig does not exist", _error.ToString().TrimEnd());
    }

    [Theory]
    [InlineData("", "the kubeconfig has no current context: it has none")]
    [InlineData("contexts: [{name: a, context: {cluster: c}}, {name: b, context: {cluster: c}}]", "the kubeconfig has no current context: it has a, b")]
    [InlineData("contexts: [{name: a, context: {cluster: c}}]\ncurrent-context: b", "the kubeconfig has no context 'b': it has a")]
    public async Task A_kubeconfig_without_the_context_is_told_with_those_that_it_has(string contexts, string expected)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, $"apiVersion: v1\nkind: Config\n{contexts}\n", TestContext.Current.CancellationToken);

        Assert.Equal(1, await Shell.RunAsync(["list", "rollouts", "--kubeconfig", file]));

        Assert.Equal($"dapr-rollouts: {expected}", _error.ToString().TrimEnd());
        File.Delete(file);
    }

    [Fact]
    public async Task Completion_offers_no_words_that_look_like_paths()
    {
        Assert.Equal(0, await Shell.RunAsync(["[suggest:18]", "dapr-rollouts get "]));

        Assert.Contains("rollout", _console.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('/', _console.Output);
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("fish")]
    [InlineData("powershell")]
    [InlineData("zsh")]
    public async Task Completion_scripts_ask_the_program_itself(string shell)
    {
        Assert.Equal(0, await Shell.RunAsync(["completion", shell]));

        Assert.Contains("[suggest:", _console.Output);
    }

    // What can be run; a command may have further ones below it.
    internal static IEnumerable<string[]> Leaves(string[] path, System.CommandLine.Command command) =>
    [
        .. command.Action is not null ? [path] : Array.Empty<string[]>(),
        .. command.Subcommands.SelectMany(c => Leaves([.. path, c.Name], c)),
    ];
}
