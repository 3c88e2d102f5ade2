// Holds an export of ours against golang.org/x/mod/sumdb, which knows nothing of us: signature, every tile, every
// record, inclusion and consistency. With -flips each artefact is changed in many places, and every change must be
// refused. Usage: verify FOLDER [-flips]
package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type reader struct{ folder string }

func (r reader) Height() int                     { return 8 }
func (r reader) SaveTiles([]tlog.Tile, [][]byte) {}
func (r reader) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		data, err := os.ReadFile(filepath.Join(r.folder, "export", path))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func read(path string) (string, error) {
	data, err := os.ReadFile(path)
	return string(data), err
}

func openNote(folder, text string) (tlog.Tree, error) {
	vkey, err := read(filepath.Join(folder, "export/vkey"))
	if err != nil {
		return tlog.Tree{}, err
	}
	verifier, err := note.NewVerifier(strings.TrimSpace(vkey))
	if err != nil {
		return tlog.Tree{}, err
	}
	opened, err := note.Open([]byte(text), note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		return tlog.Tree{}, fmt.Errorf("no checkpoint of this log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return tlog.Tree{}, fmt.Errorf("no root")
	}
	tree := tlog.Tree{N: size}
	copy(tree.Hash[:], root)
	return tree, nil
}

func hashes(lines []string) ([]tlog.Hash, error) {
	var all []tlog.Hash
	for _, line := range lines {
		raw, err := base64.StdEncoding.Strict().DecodeString(line)
		if err != nil || len(raw) != tlog.HashSize {
			return nil, fmt.Errorf("no hash: %q", line)
		}
		var hash tlog.Hash
		copy(hash[:], raw)
		all = append(all, hash)
	}
	return all, nil
}

func bundles(folder string, size int64) ([][]byte, error) {
	var records [][]byte
	for first := int64(0); first < size; first += 256 {
		width := size - first
		path := fmt.Sprintf("tile/entries/%03d", first/256)
		if width < 256 {
			path += fmt.Sprintf(".p/%d", width)
		} else {
			width = 256
		}
		data, err := os.ReadFile(filepath.Join(folder, "export", path))
		if err != nil {
			return nil, err
		}
		for i := int64(0); i < width; i++ {
			if len(data) < 2 || len(data) < 2+(int(data[0])<<8|int(data[1])) {
				return nil, fmt.Errorf("%s ends early", path)
			}
			length := int(data[0])<<8 | int(data[1])
			records = append(records, data[2:2+length])
			data = data[2+length:]
		}
		if len(data) != 0 {
			return nil, fmt.Errorf("%s is too long", path)
		}
	}
	return records, nil
}

// Every tile that a tree of this size has must be the one that the records give.
func tiles(folder string, tree tlog.Tree, records [][]byte) error {
	var stored []tlog.Hash
	storage := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var found []tlog.Hash
		for _, index := range indexes {
			if index >= int64(len(stored)) {
				return nil, fmt.Errorf("hash %d is not there", index)
			}
			found = append(found, stored[index])
		}
		return found, nil
	})
	for i, record := range records {
		more, err := tlog.StoredHashes(int64(i), record, storage)
		if err != nil {
			return err
		}
		stored = append(stored, more...)
	}
	root, err := tlog.TreeHash(tree.N, storage)
	if err != nil || root != tree.Hash {
		return fmt.Errorf("the records do not give the root")
	}
	for _, tile := range tlog.NewTiles(8, 0, tree.N) {
		// Of a partial tile only the whole width is kept, not every narrower one.
		if width := tree.N>>(8*uint(tile.L)) - tile.N<<8; tile.W < 256 && int64(tile.W) != width {
			continue
		}
		data, err := (reader{folder}).ReadTiles([]tlog.Tile{tile})
		if err != nil {
			return err
		}
		want, err := tlog.ReadTileData(tile, storage)
		if err != nil || !bytes.Equal(want, data[0]) {
			return fmt.Errorf("tile %s differs", tile.Path())
		}
	}
	reread, err := tlog.TreeHash(tree.N, tlog.TileHashReader(tree, reader{folder}))
	if err != nil || reread != tree.Hash {
		return fmt.Errorf("the tiles do not give the root: %v", err)
	}
	return nil
}

func proof(folder, path string) error {
	text, err := read(path)
	if err != nil {
		return err
	}
	head, checkpoint, found := strings.Cut(text, "\n\n")
	lines := strings.Split(head, "\n")
	if !found || len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" || !strings.HasPrefix(lines[1], "index ") {
		return fmt.Errorf("no proof")
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
	if err != nil || strconv.FormatInt(index, 10) != strings.TrimPrefix(lines[1], "index ") {
		return fmt.Errorf("no index")
	}
	path2 := strings.TrimSuffix(path, ".tlog-proof") + ".record"
	record, err := read(path2)
	if err != nil {
		return err
	}
	tree, err := openNote(folder, checkpoint)
	if err != nil {
		return err
	}
	list, err := hashes(lines[2:])
	if err != nil {
		return err
	}
	return tlog.CheckRecord(tlog.RecordProof(list), tree.N, tree.Hash, index, tlog.RecordHash([]byte(record)))
}

func check(folder string) error {
	text, err := read(filepath.Join(folder, "export/checkpoint"))
	if err != nil {
		return err
	}
	tree, err := openNote(folder, text)
	if err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	records, err := bundles(folder, tree.N)
	if err != nil {
		return err
	}
	if err := tiles(folder, tree, records); err != nil {
		return err
	}
	before, err := read(filepath.Join(folder, "before"))
	if err != nil {
		return err
	}
	earlier, err := openNote(folder, before)
	if err != nil {
		return fmt.Errorf("earlier checkpoint: %w", err)
	}
	lines, err := read(filepath.Join(folder, "consistency"))
	if err != nil || !strings.HasSuffix(lines, "\n") {
		return fmt.Errorf("no consistency proof")
	}
	list, err := hashes(strings.Split(strings.TrimSuffix(lines, "\n"), "\n"))
	if err != nil {
		return err
	}
	if err := tlog.CheckTree(tlog.TreeProof(list), tree.N, tree.Hash, earlier.N, earlier.Hash); err != nil {
		return fmt.Errorf("consistency: %w", err)
	}
	found, _ := filepath.Glob(filepath.Join(folder, "proofs/*.tlog-proof"))
	if len(found) == 0 {
		return fmt.Errorf("no proofs")
	}
	for _, each := range found {
		if err := proof(folder, each); err != nil {
			return fmt.Errorf("%s: %w", each, err)
		}
	}
	return nil
}

// Changes one bit in up to `most` places of a file; returns how many changes were tried and how many went unseen.
func flip(folder, path string, most int) (int, int) {
	whole, err := os.ReadFile(path)
	if err != nil {
		panic(err)
	}
	step := len(whole)/most + 1
	tried, unseen := 0, 0
	for at := 0; at < len(whole); at += step {
		changed := append([]byte{}, whole...)
		changed[at] ^= 1
		os.WriteFile(path, changed, 0644)
		tried++
		if check(folder) == nil {
			unseen++
			fmt.Printf("byte %d of %s: the change was not seen\n", at, path)
		}
	}
	os.WriteFile(path, whole, 0644)
	return tried, unseen
}

func main() {
	if len(os.Args) < 2 {
		fmt.Println("verify FOLDER [-flips]")
		os.Exit(2)
	}
	folder := os.Args[1]
	if err := check(folder); err != nil {
		fmt.Println("NOT verified:", err)
		os.Exit(1)
	}
	if len(os.Args) == 2 {
		fmt.Println("golang.org/x/mod/sumdb: verified")
		return
	}
	var paths []string
	filepath.Walk(filepath.Join(folder, "export"), func(path string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() && info.Name() != "vkey" { // the key is what the checker trusts
			paths = append(paths, path)
		}
		return err
	})
	proofs, _ := filepath.Glob(filepath.Join(folder, "proofs/*"))
	paths = append(append(paths, proofs...), filepath.Join(folder, "before"), filepath.Join(folder, "consistency"))
	tried, unseen := 0, 0
	for _, path := range paths {
		t, u := flip(folder, path, 60)
		tried, unseen = tried+t, unseen+u
	}
	fmt.Printf("golang.org/x/mod/sumdb: %d changed bytes in %d files, %d unseen\n", tried, len(paths), unseen)
	if unseen > 0 || check(folder) != nil {
		os.Exit(1)
	}
}
