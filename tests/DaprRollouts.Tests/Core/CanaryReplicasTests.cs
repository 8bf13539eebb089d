using DaprRollouts.Core.Model;
using DaprRollouts.Core.Replicas;

namespace DaprRollouts.Tests.Core;

public sealed class CanaryReplicasTests
{
    // Desired pods, weight, then canary/stable without and with a surge of one pod; "-" where nothing is stated.
    private const string TargetTable = """
        0 50 0/0 0/0
        1 0 0/1 0/1
        1 1 0/1 1/1
        1 49 0/1 1/1
        1 50 1/0 1/1
        1 99 1/0 1/1
        1 100 1/0 1/0
        2 1 1/1 1/2
        2 50 1/1 1/1
        2 75 0/2 -
        2 99 1/1 2/1
        2 100 2/0 2/0
        3 10 1/2 1/3
        3 25 1/2 1/3
        3 33 1/2 1/2
        3 34 1/2 1/2
        3 49 1/2 2/2
        3 50 2/1 2/2
        3 99 2/1 3/1
        5 20 1/4 1/4
        5 90 0/5 -
        10 95 0/10 -
        25 98 0/25 -
        50 99 0/50 -
        10 0 0/10 0/10
        10 1 1/9 1/10
        10 14 1/9 -
        10 15 2/8 -
        10 18 2/8 2/9
        10 20 2/8 2/8
        10 24 2/8 3/8
        10 25 3/7 3/8
        10 99 9/1 10/1
        10 100 10/0 10/0
        """;

    // Desired pods, weight, surge, unavailable; stable and canary as size/available; pods of older revisions; then the next sizes of stable and canary.
    private const string NextTable = """
        10 100 3 0 7/8 6/3 0 7 6
        10 20 2 0 10/10 0/0 0 10 2
        10 20 20% 0 10/10 0/0 0 10 2
        10 20 20% 0 10/10 2/2 0 8 2
        10 30 2 0 10/10 0/0 0 10 2
        10 20 0 2 10/10 0/0 0 8 0
        10 20 0 20% 10/10 0/0 0 8 0
        10 30 0 2 10/10 0/0 0 8 0
        10 50 2 1 10/10 0/0 0 9 2
        10 0 1 1 10/10 1/1 0 10 0
        10 100 1 1 1/1 10/10 0 0 10
        1 20 1 0 1/1 0/0 0 1 1
        1 90 1 0 1/1 0/0 0 1 1
        1 49 0 1 1/1 0/0 0 1 0
        1 51 0 1 1/1 0/0 0 0 0
        1 51 0 1 0/0 0/0 0 0 1
        10 30 1 0 1/1 0/0 3 7 1
        10 30 0 3 8/5 4/4 0 7 3
        10 100 1 0 10/2 10/8 0 2 9
        10 30 0 1 8/6 4/2 3 8 4
        10 5 0 1 10/10 0/0 0 9 0
        10 5 0 1 9/9 0/0 0 9 1
        10 10 0% 0% 10/10 0/0 0 9 0
        4 100 1 0 4/1 0/0 0 4 1
        3 99 0 2 3/3 0/0 0 1 0
        3 99 0 2 1/1 0/0 0 1 2
        4 100 1 0 4/1 1/1 0 3 1
        4 0 1 0 0/0 4/4 0 1 4
        4 0 1 0 1/0 4/4 0 1 4
        4 0 1 0 1/1 4/4 0 1 3
        4 100 4 4 4/4 0/0 0 0 4
        4 100 3 0 4/4 0/0 0 4 3
        10 100 3 0 9/9 4/4 0 6 4
        """;

    public static TheoryData<string> Targets => [.. Rows(TargetTable)];

    public static TheoryData<string> NextSizes => [.. Rows(NextTable)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void The_sizes_come_closest_to_the_weight(string row)
    {
        var cells = row.Split(' ');

        for (var surge = 0; surge <= 1; surge++)
        {
            if (cells[2 + surge] is var expected and not "-")
            {
                var sizes = CanaryReplicas.Targets(int.Parse(cells[0]), int.Parse(cells[1]), surge);
                Assert.Equal(expected, $"{sizes.Canary}/{sizes.Stable}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(NextSizes))]
    public void The_next_sizes_keep_surge_and_availability(string row)
    {
        var cells = row.Split(' ');
        var replicas = int.Parse(cells[0]);
        var (surge, unavailable) = Percentage.SurgeAndUnavailable(Value(cells[2]), Value(cells[3]), replicas);
        var targets = CanaryReplicas.Targets(replicas, int.Parse(cells[1]), surge);

        var next = CanaryReplicas.Next(
            targets, Pods(cells[5]), Pods(cells[4]), int.Parse(cells[6]), new RolloutLimits(replicas, surge, unavailable));

        Assert.Equal($"{cells[7]} {cells[8]}", $"{next.Stable} {next.Canary}");
    }

    [Theory]
    [InlineData("0%", "0%", 10, 0, 1)]
    [InlineData("0%", "0%", 0, 0, 0)]
    [InlineData("1", "1", 10, 1, 0)]
    [InlineData("39%", "39%", 10, 4, 3)]
    [InlineData(null, "39%", 10, 3, 3)]
    [InlineData(null, null, 1, 1, 0)]
    [InlineData(null, null, 4, 1, 1)]
    [InlineData(null, null, 10, 3, 2)]
    [InlineData("1%", "0%", 2, 1, 0)]
    [InlineData("0%", "1%", 2, 0, 1)]
    public void Surge_rounds_up_and_unavailable_down(string? maxSurge, string? maxUnavailable, int replicas, int surge, int unavailable) =>
        Assert.Equal(
            (surge, unavailable),
            Percentage.SurgeAndUnavailable(maxSurge is null ? null : (IntOrString?)maxSurge, maxUnavailable is null ? null : (IntOrString?)maxUnavailable, replicas));

    [Theory]
    [InlineData(10, 10, "1", "0", "0/10, 1/10, 1/9")]
    [InlineData(10, 50, "2", "1", "0/10, 0/9, 3/9, 3/6, 5/6, 5/5")]
    [InlineData(4, 100, "1", "0", "0/4, 1/4, 1/3, 2/3, 2/2, 3/2, 3/1, 4/1, 4/0")]
    [InlineData(4, 100, "25%", "25%", "0/4, 0/3, 2/3, 2/1, 4/1, 4/0")]
    [InlineData(10, 100, "25%", "25%", "0/10, 0/8, 5/8, 5/3, 10/3, 10/0")]
    [InlineData(1, 100, "25%", "25%", "0/1, 1/1, 1/0")]
    [InlineData(2, 50, "0", "1", "0/2, 0/1, 1/1")]
    [InlineData(10, 0, "1", "0", "1/9, 1/10, 0/10")]
    public void One_ReplicaSet_changes_at_a_time(int replicas, int weight, string maxSurge, string maxUnavailable, string expected)
    {
        var (surge, unavailable) = Percentage.SurgeAndUnavailable(Value(maxSurge), Value(maxUnavailable), replicas);
        var targets = CanaryReplicas.Targets(replicas, weight, surge);
        var start = expected.Split(',')[0].Split('/');
        var (canary, stable) = (int.Parse(start[0]), int.Parse(start[1]));
        List<string> seen = [$"{canary}/{stable}"];

        while (true)
        {
            var next = CanaryReplicas.Next(
                targets, new PodCounts(canary, canary), new PodCounts(stable, stable), 0, new RolloutLimits(replicas, surge, unavailable));
            if (next.Stable == stable && next.Canary == canary)
            {
                break;
            }

            (canary, stable) = next.Stable != stable ? (canary, next.Stable) : (next.Canary, stable);
            seen.Add($"{canary}/{stable}");
        }

        Assert.Equal(expected, string.Join(", ", seen));
    }

    [Theory]
    [InlineData(10, 0)]
    [InlineData(9, 9)]
    public void A_revision_that_is_alone_gets_all_pods(int size, int available)
    {
        var next = CanaryReplicas.Next(new CanarySizes(10, 0), new PodCounts(size, available), null, 0, new RolloutLimits(10, 0, 1));

        Assert.Equal(new CanarySizes(10, 0), next);
    }

    private static string[] Rows(string table) => table.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static IntOrString Value(string text) => int.TryParse(text, out var number) ? number : text;

    private static PodCounts Pods(string text) => new(int.Parse(text.Split('/')[0]), int.Parse(text.Split('/')[1]));
}
