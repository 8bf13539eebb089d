namespace DaprRollouts.Tests.Contracts;

/// <summary>Texts that others rely on, kept beside the tests and changed on purpose only: with <c>DAPR_ROLLOUTS_TEST_APPROVE=1</c> what is there now is approved.</summary>
internal static class Approved
{
    public static void Equal(string name, IEnumerable<string> actual)
    {
        var path = Path.Combine(Repository.Root, "tests/DaprRollouts.Tests/Contracts", $"{name}.approved.txt");
        if (Environment.GetEnvironmentVariable("DAPR_ROLLOUTS_TEST_APPROVE") == "1")
        {
            File.WriteAllLines(path, actual);
        }

        Assert.Equal(File.ReadAllLines(path), actual);
    }
}
